import Digest
import JobGraph
import ResultsStore
import Synchronization

/// What the jobs of a run have made so far, by content: it decides about jobs whose earlier results may still hold.
final class RunReuse: Sendable {
  private struct State {
    var history: StoreHistory
    /// The contents of the artifacts of jobs that are done, by name.
    var contents: [Int: [String: SHA256Digest]]
    /// The attempts of this run, or earlier ones, that jobs have their results of.
    var attempts: [Int: Int64]
  }

  private let plan: Plan
  private let undecided: Set<Int>
  private let state: Mutex<State>

  init(plan: Plan, decisions: [ReuseDecision], history: sending StoreHistory) {
    self.plan = plan
    undecided = Set(decisions.indices.filter { decisions[$0] == .undecided })
    var contents: [Int: [String: SHA256Digest]] = [:]
    for (index, decision) in decisions.enumerated() { contents[index] = decision.attempt?.contents }
    state = Mutex(State(history: history, contents: contents, attempts: [:]))
  }

  /// Notes what an attempt of a job has made.
  func note(_ artifacts: [String: ArtifactResult], of job: Int, attempt: Int64) {
    let contents = artifacts.compactMapValues { SHA256Digest(hex: $0.digest) }
    state.withLock { state in
      state.contents[job] = contents
      state.attempts[job] = attempt
    }
  }

  /// The attempt that a job has got its result of while the run went on; `nil` if it has none yet.
  func attempt(of job: Int) -> Int64? { state.withLock { $0.attempts[job] } }

  /// The contents of what a job is given, as one digest.
  func consumed(by job: Job) -> SHA256Digest? {
    state.withLock { state in plan.consumed(by: job) { state.contents[$0]?[$1] } }
  }

  /// Returns the attempt that stands for a job whose needs are done; `nil` if it must run.
  func recall(_ job: Job) -> (attempt: Int64, paths: [String: String])? {
    guard undecided.contains(job.index) else { return nil }
    return state.withLock { state in
      let history = state.history.renewed()
      let found = plan.reuse(of: job, history: history) { state.contents[$0]?[$1] }
      guard let attempt = found, history.isIntact(attempt, for: job) else { return nil }
      state.contents[job.index] = attempt.contents
      state.attempts[job.index] = attempt.id
      return (attempt.id, history.paths(of: attempt, for: job))
    }
  }
}
