/// Why a job would run, or why not.
public enum PlanStatus: Sendable, Hashable {
  /// There is no result and nothing to compare with.
  case new
  /// There is a result, but of a job that differs in these parts.
  case changed([String])
  /// There is a result with the same fingerprint, but these files, packages or variables, on which it depended, have changed.
  case changedInputs([String], attempt: Int64)
  /// There is a result with the same fingerprint, made of other contents of the artifacts that the job needs.
  case otherArtifacts(attempt: Int64)
  /// There is a result of a command that was made before inputs were observed.
  case unobserved
  /// There is a result of a command that was made while nobody saw what it read, which would be seen now.
  case withoutObservation(attempt: Int64)
  /// There is a result with the same fingerprint, but of an experiment with another name, so that its seed was another.
  case otherSeed(attempt: Int64)
  /// There is a timing, but it is to be measured afresh.
  case freshTiming
  /// There is a result, which will be used unless these jobs, which run, make something else than before.
  case undecided(after: [Int])
  /// There is a result of a task, which was made before inputs were observed, and it will be used.
  case reusedUnobserved
  /// There is a result of a task, which was made while nobody saw what it read, and it will be used.
  case reusedWithoutObservation
  /// There is a result, and it will be used.
  case reused

  /// Whether the job would run, for all that is known.
  public var runs: Bool { ![.reused, .reusedUnobserved, .reusedWithoutObservation].contains(self) }

  /// Whether it shows only when other jobs are done.
  public var isUndecided: Bool {
    if case .undecided = self { return true }
    return false
  }

  /// The reason for people: `new`, `changed: parameters`, `changed: helper.py, read by attempt 12`, `fresh timing`, `reused` ...
  public var text: String {
    switch self {
    case .new: "new"
    case .changed(let parts): "changed: \(parts.joined(separator: ", "))"
    case .changedInputs(let names, let attempt): "changed: \(Self.list(names)), read by attempt \(attempt)"
    case .otherArtifacts: "changed: what it is given"
    case .unobserved: "made before inputs were observed"
    case .withoutObservation: "made without observation"
    case .otherSeed(let attempt): "new: attempt \(attempt) of another experiment had another seed"
    case .freshTiming: "fresh timing"
    case .undecided(let jobs): "reused, unless \(Self.list(jobs.map { "#\($0)" })) makes something else"
    case .reusedUnobserved: "reused, made before inputs were observed"
    case .reusedWithoutObservation: "reused, made without observation"
    case .reused: "reused"
    }
  }

  /// The reason without what differs from job to job, so that reasons can be counted.
  public var summary: String {
    switch self {
    case .changedInputs(let names, _): "changed: \(Self.list(names))"
    case .otherSeed: "new: made by another experiment with another seed"
    case .undecided: "decided when what they need is done"
    default: text
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }
}

extension Plan {
  /// Returns for each job whether it would run, and why.
  ///
  /// - Parameter history: What earlier runs have left behind, and which timings of it still count.
  /// - Returns: A status for each job, in plan order.
  public func statuses(history: some PlanHistory) -> [PlanStatus] { statuses(of: reuse(history: history)) }

  /// Returns for each job whether it would run, and why.
  ///
  /// - Parameter decisions: What was decided for each job, in plan order.
  /// - Returns: A status for each job, in plan order.
  public func statuses(of decisions: [ReuseDecision]) -> [PlanStatus] {
    decisions.enumerated().map { index, decision in
      switch decision {
      case .reuse(let attempt):
        attempt.inputSet == nil
          ? .reusedUnobserved : isBlind(attempt, jobs[index]) ? .reusedWithoutObservation : .reused
      case .undecided: .undecided(after: jobs[index].needs.filter { decisions[$0].attempt == nil })
      case .run(let status): status
      }
    }
  }

  /// Explains the status of a job, following changed inputs to the jobs they come from.
  ///
  /// - Parameters:
  ///   - job: Position of the job.
  ///   - statuses: What ``statuses(history:)`` gave.
  /// - Returns: Lines with line ends, the causes indented below their effects; each job is explained once.
  public func why(_ job: Int, statuses: [PlanStatus]) -> String {
    guard jobs.indices.contains(job), statuses.count == jobs.count else { return "" }
    var text = ""
    var seen: Set<Int> = []
    var open = [(job: job, level: 0)]
    while let (index, level) = open.popLast() {
      let margin = String(repeating: "  ", count: level)
      guard seen.insert(index).inserted else {
        text += "\(margin)\(label(ofJob: index)): see above\n"
        continue
      }
      text += "\(margin)\(label(ofJob: index)): \(explanation(of: statuses[index]))\n"
      guard case .changed(let parts) = statuses[index] else { continue }
      for part in parts.reversed() where part.hasPrefix("input.") {
        switch jobs[index].inputs[String(part.dropFirst(6))] {
        case .artifact(let producer, _): open.append((producer, level + 1))
        case .artifacts(let producers, _):
          for producer in producers.reversed() where statuses[producer].runs { open.append((producer, level + 1)) }
        case .file, nil: break
        }
      }
    }
    return text
  }

  private func explanation(of status: PlanStatus) -> String {
    switch status {
    case .new: "runs, because there is no result yet"
    case .changed(let parts):
      "runs, because this has changed: \(parts.map(Self.explanation(ofPart:)).joined(separator: ", "))"
    case .changedInputs(let names, let attempt):
      "runs, because this has changed since attempt \(attempt) read it: \(names.joined(separator: ", "))"
    case .otherArtifacts(let attempt):
      "runs, because attempt \(attempt) was given other contents of the artifacts it needs"
    case .unobserved: "runs, because its result was made before inputs were observed"
    case .withoutObservation(let attempt): "runs, because attempt \(attempt) was made without observation"
    case .otherSeed(let attempt):
      "runs, because attempt \(attempt), which has the same fingerprint, is of another experiment and had another seed"
    case .freshTiming: "runs, because timings are measured afresh"
    case .undecided(let jobs):
      "runs if what it needs turns out otherwise than before: \(jobs.map(label(ofJob:)).joined(separator: ", "))"
    case .reusedUnobserved:
      "does not run; the result with the same fingerprint is used, made before inputs were observed"
    case .reusedWithoutObservation:
      "does not run; the result with the same fingerprint is used, made without observation"
    case .reused: "does not run; the result with the same fingerprint is used"
    }
  }

  private static func explanation(ofPart part: String) -> String {
    switch part {
    case "task": "what it runs, or its version"
    case "parameters": "its parameters"
    case "environment": "its environment variables"
    case "measurement": "how it is measured"
    case "schema": "how fingerprints are made"
    default: part.hasPrefix("input.") ? "its input '\(part.dropFirst(6))'" : part
    }
  }
}
