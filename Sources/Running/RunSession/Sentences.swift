import Digest
import ExperimentSpec

extension SessionError: CustomStringConvertible {
  private static let shownFindings = 20

  /// What is wrong and how it can be cured; of mistakes, the text of all of them.
  package var description: String {
    switch self {
    case .mistakes(let diagnostics): return DiagnosticRenderer().text(of: diagnostics)
    case .stalePlan(let hash, let experiment, let findings):
      let shown = findings.prefix(Self.shownFindings).map { "  \($0)\n" }.joined()
      return """
        plan \(hash.hex.prefix(12)) of \(experiment) cannot be run as it was frozen:
        \(shown)put these back, or plan the spec anew with 'orchestrate run SPEC'
        """
    case .unknownPlan(let prefix):
      return "there is no plan '\(prefix)' in the results; 'orchestrate show RUN' prints the hash of a run's plan"
    case .ambiguousPlan(let prefix, let count):
      return "'\(prefix)' is the beginning of \(count) plans; give more digits"
    case .missingPlan(let hash): return "plan \(hash) is not in the results"
    case .neverRun(let experiment):
      return "no run of '\(experiment)' is in the results, so there is no plan to compare with"
    case .nothingTimed(let spec):
      return "\(spec) has no timed stage, so there is nothing to calibrate; add \"lane\": \"timed\" to a stage"
    case .unknownTimedStage(let name, let spec, let known):
      return "\(spec) has no timed stage '\(name)'; it has \(known.joined(separator: ", "))"
    case .unpairedTimings(let stages):
      return
        "\(stages.joined(separator: ", ")) reported no paired timings: samples of two metrics or more with 'position' "
        + "and 'block', see Docs/WorkerProtocol.md"
    }
  }
}

extension OvertakenResult: CustomStringConvertible {
  /// What is wrong and how it can be cured.
  package var description: String {
    let change = writer.map { "which \($0) has written since" } ?? "which has changed since"
    return "\(job) was reused, but attempt \(attempt) read \(input), \(change): "
      + "declare it as an input, or add the stage that writes it to 'needs', and run again"
  }
}

extension DamagedArtifact: CustomStringConvertible {
  /// What is wrong.
  package var description: String { "artifact '\(name)' of attempt \(attempt) is not what was stored: \(path)" }
}
