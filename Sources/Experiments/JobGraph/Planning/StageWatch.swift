import Digest
import ExperimentSpec
public import InputTracing
import JSON

/// How planning finds what jobs depend on besides their fingerprints.
public struct InputWatch {
  let inputs: StaticInputs
  let variables: [WatchedInput]

  /// Makes a watch.
  ///
  /// - Parameters:
  ///   - inputs: The project and its programs as they are now.
  ///   - variables: What jobs take over from the environment.
  public init(inputs: StaticInputs, variables: [WatchedInput]) {
    self.inputs = inputs
    self.variables = variables
  }
}

/// Finds what the jobs of one stage depend on; what does not differ from trial to trial is looked at once.
struct StageWatch {
  private let watch: InputWatch
  private let base: [WatchedInput]
  /// Patterns of files that are taken out, each with its `!`.
  private let excluded: [String]
  private let hasConstantWords: Bool
  private let startsInProject: Bool

  /// Looks at the stage; files that cannot be read and patterns without a file are reported.
  init(
    _ watch: InputWatch, stage: Stage, worker: Worker?, command: [ValueTemplate], scope: VariableScope,
    experiment: Experiment, report: (Diagnostic) -> Void
  ) {
    self.watch = watch
    startsInProject = stage.workingDirectory == .project
    var base = watch.variables
    func attempt(_ place: Range<Int>, _ body: () throws -> [WatchedInput]) {
      do {
        base += try body()
      } catch {
        let excerpt = experiment.sources.excerpt(of: place)
        report(Diagnostic(.unreadableSource("\(error)"), at: excerpt))
      }
    }
    func add(_ patterns: [SourcePattern]) {
      guard !patterns.isEmpty else { return }
      attempt(patterns[0].place) {
        let (files, unmatched) = try watch.inputs.sources(patterns.map(\.text))
        for pattern in patterns where unmatched.contains(pattern.text) {
          report(
            Diagnostic(
              .noSuchSource(pattern: pattern.text), at: experiment.sources.excerpt(of: pattern.place)))
        }
        return files
      }
    }
    add(stage.sources)
    if let worker {
      add(worker.sources)
      base.append(Self.setting(of: worker, scope))
      let words = worker.command.map { scope.text($0, trial: 0) }
      attempt(worker.place) { try watch.inputs.inputs(of: words) }
    }
    for variant in stage.variants {
      guard let program = variant.command.first?.constantValue?.stringValue else { continue }
      attempt(stage.actionPlace) { try watch.inputs.program(program) }
    }
    let constants = command.compactMap { $0.constantValue?.interpolatedText }
    hasConstantWords = constants.count == command.count
    if hasConstantWords, !command.isEmpty {
      attempt(stage.actionPlace) { [startsInProject] in
        try watch.inputs.inputs(of: constants, startsInProject: startsInProject)
      }
    }
    excluded = (stage.sources + (worker?.sources ?? [])).map(\.text).filter { $0.hasPrefix("!") }
    // Noted with each attempt, so that one that did not look at a file does not stand for one that does.
    self.base = watch.inputs.without(excluded, base) + excluded.map { WatchedInput(.excluded, $0, "") }
  }

  /// The command of a worker, which is in no fingerprint: its files and its tasks' versions are.
  private static func setting(of worker: Worker, _ scope: VariableScope) -> WatchedInput {
    let words = worker.command.map { scope.text($0, trial: 0, root: .symbolic) }
    let digest = SHA256Digest(of: CanonicalJSON.bytes(of: .array(words.map { .string($0) })))
    return WatchedInput(.setting, "command of worker '\(worker.name)'", digest)
  }

  /// What a job depends on whose command and declared inputs are these.
  func inputs(words: [String], declared: [WatchedInput]) throws(DigestError) -> [WatchedInput] {
    guard !hasConstantWords, !words.isEmpty else { return declared.isEmpty ? base : declared + base }
    let own = try watch.inputs.inputs(of: words, startsInProject: startsInProject)
    return declared + base + watch.inputs.without(excluded, own)
  }
}
