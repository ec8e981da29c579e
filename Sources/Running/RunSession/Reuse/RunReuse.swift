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
    /// The earlier attempts that stand for jobs.
    var reused: [Int: EarlierAttempt]
    /// The attempts of this run, or earlier ones, that jobs have got their results of since it began.
    var attempts: [Int: Int64] = [:]
  }

  private let plan: Plan
  private let undecided: Set<Int>
  private let state: Mutex<State>

  init(plan: Plan, decisions: [ReuseDecision], history: sending StoreHistory) {
    self.plan = plan
    undecided = Set(decisions.indices.filter { decisions[$0] == .undecided })
    var contents: [Int: [String: SHA256Digest]] = [:]
    for (index, decision) in decisions.enumerated() { contents[index] = decision.attempt?.contents }
    let reused = decisions.enumerated().compactMap { index, decision in decision.attempt.map { (index, $0) } }
    state = Mutex(State(history: history, contents: contents, reused: Dictionary(uniqueKeysWithValues: reused)))
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
      state.reused[job.index] = attempt
      state.attempts[job.index] = attempt.id
      return (attempt.id, history.paths(of: attempt, for: job))
    }
  }

  /// Returns what jobs of this run have changed after the result of another job was reused that had read it.
  ///
  /// - Parameters:
  ///   - writers: The jobs that wrote files of the project, by the files' names.
  ///   - hasUnseen: Whether others may have written some unseen.
  /// - Returns: Each such result.
  func overtaken(by writers: [String: Int], hasUnseen: Bool) -> [OvertakenResult] {
    guard !writers.isEmpty || hasUnseen else { return [] }
    return state.withLock { state in
      let history = state.history.renewed()
      return state.reused.sorted { $0.key < $1.key }.compactMap { index, attempt in
        let names = hasUnseen ? nil : Set(writers.keys)
        let changes = history.changes(since: attempt, for: plan.jobs[index], among: names)
        guard let first = changes.first else { return nil }
        return OvertakenResult(
          job: plan.label(ofJob: index), attempt: attempt.id, input: first,
          writer: writers[first].map { plan.jobs[$0].stage })
      }
    }
  }
}
