import AttemptModel
import JobGraph
import ResultsStore

/// Which jobs of a run have a result from the beginning, and which are not asked for.
struct StandingResults {
  /// The paths of stored files by name, for each job that need not run; empty for those that are left out.
  private(set) var paths: [Int: [String: String]] = [:]
  /// Jobs without a result that are not selected.
  private(set) var leftOut: Set<Int> = []
  /// What the database is told of them.
  private(set) var states: [JobStateChange] = []

  /// Finds them.
  ///
  /// - Parameters:
  ///   - plan: What is run.
  ///   - decisions: What was decided for each job of the plan.
  ///   - history: What they were decided by.
  ///   - selection: The jobs that are asked for; all if absent.
  init(_ plan: Plan, decisions: [ReuseDecision], history: StoreHistory, selection: JobSelection?) {
    // A timing that is not asked for anew may be an older one.
    let older = selection.map { _ in history.withOlderTimings() }
    let others = older?.decisions(reasonsFor: { _ in false }) ?? []
    for job in plan.jobs {
      let isSelected = selection?.isIncluded[job.index] ?? true
      if let attempt = decisions[job.index].attempt {
        reuse(attempt, of: history, for: job)
      } else if !isSelected, let older, let attempt = others[job.index].attempt {
        reuse(attempt, of: older, for: job)
      } else if !isSelected {
        // No selected job needs this one, so that it may count as done without any file.
        paths[job.index] = [:]
        leftOut.insert(job.index)
        states.append(JobStateChange(job: job.index, state: .skipped, reason: "not selected"))
      }
    }
  }

  private mutating func reuse(_ attempt: EarlierAttempt, of history: StoreHistory, for job: Job) {
    paths[job.index] = history.paths(of: attempt, for: job)
    states.append(JobStateChange(job: job.index, state: .reused, attempt: attempt.id, reason: "same fingerprint"))
  }
}
