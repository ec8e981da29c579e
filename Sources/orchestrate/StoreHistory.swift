import Digest
import JSON
import JobGraph
import ResultsStore

/// What the database knows of earlier runs, as a plan asks for it.
///
/// A timing counts as a result only while the run it belongs to is unfinished: a run that is started again after an interruption goes
/// on where it stopped, a run that is started again after its end measures anew.
struct StoreHistory: PlanHistory {
  /// How far timings of earlier runs are used.
  enum Timings {
    /// Those of unfinished runs of the same plan.
    case unfinished
    /// All that were made on this machine.
    case sameMachine
    /// None.
    case none
  }

  /// Attempts with a result of a job, timings of this machine among them.
  let found: [SHA256Digest: ReusableAttempt]
  /// Those of them that make running a job unnecessary.
  let reusable: [SHA256Digest: ReusableAttempt]
  private let experiment: String
  private let store: ResultsStore?

  init(_ store: ResultsStore?, plan: Plan, timings: Timings) throws {
    self.store = store
    experiment = plan.experimentName
    guard let store else {
      found = [:]
      reusable = [:]
      return
    }
    found = try store.reusableAttempts(
      for: plan.jobs.map { ($0.fingerprint.digest, isTimed: $0.lane == .timed) })
    let timed = Set(plan.jobs.filter { $0.lane == .timed }.map(\.fingerprint.digest))
    let goesOn = timings == .unfinished && !timed.isEmpty
    let unfinished = goesOn ? try store.attemptsOfUnfinishedRuns(ofPlan: plan.hash) : []
    reusable = found.filter { digest, attempt in
      guard timed.contains(digest) else { return true }
      switch timings {
      case .unfinished: return unfinished.contains(attempt.id)
      case .sameMachine: return true
      case .none: return false
      }
    }
  }

  func hasResult(for job: Job) -> Bool { reusable[job.fingerprint.digest] != nil }

  func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]? {
    try? store?.lastFingerprintParts(experiment: experiment, stage: stage, assignment: assignment)
  }
}
