public import Digest
public import JSON

/// Why a job would run, or why not.
public enum PlanStatus: Sendable, Hashable {
  /// There is no result and nothing to compare with.
  case new
  /// There is a result, but of a job that differs in these parts.
  case changed([String])
  /// There is a timing, but it is to be measured afresh.
  case freshTiming
  /// There is a result, and it will be used.
  case reused

  /// Whether the job would run.
  public var runs: Bool { self != .reused }

  /// The reason for people: `new`, `changed: parameters`, `fresh timing` or `reused`.
  public var text: String {
    switch self {
    case .new: "new"
    case .changed(let parts): "changed: \(parts.joined(separator: ", "))"
    case .freshTiming: "fresh timing"
    case .reused: "reused"
    }
  }
}

/// What earlier runs have left behind.
public protocol PlanHistory {
  /// Returns whether there is a result that satisfies a job; for timed ones, of this machine.
  ///
  /// - Parameter job: A job of the plan.
  /// - Returns: Whether the job need not run.
  func hasResult(for job: Job) -> Bool

  /// Returns the fingerprint parts of the last attempt of a stage for a trial.
  ///
  /// - Parameters:
  ///   - stage: The stage's name.
  ///   - assignment: The trial's values in axis order.
  /// - Returns: Digests by part name; `nil` if there was no attempt.
  func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]?
}

extension Plan {
  /// Returns for each job whether it would run, and why.
  ///
  /// - Parameter history: What earlier runs have left behind, and which timings of it still count.
  /// - Returns: A status for each job, in plan order.
  public func statuses(history: some PlanHistory) -> [PlanStatus] {
    jobs.map { status(of: $0, history: history) }
  }

  /// Returns whether a job would run, and why.
  ///
  /// - Parameters:
  ///   - job: A job of the plan.
  ///   - history: What earlier runs have left behind, and which timings of it still count.
  /// - Returns: Its status; `.reused` exactly if the history has a result for it.
  public func status(of job: Job, history: some PlanHistory) -> PlanStatus {
    if history.hasResult(for: job) { return .reused }
    guard let trial = job.trials.first,
      let earlier = history.lastParts(stage: job.stage, assignment: trials[trial].assignment)
    else { return .new }
    let parts = job.fingerprint.changedParts(since: earlier)
    if !parts.isEmpty { return .changed(parts) }
    return job.lane == .timed ? .freshTiming : .new
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
    case .freshTiming: "runs, because timings are measured afresh"
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
