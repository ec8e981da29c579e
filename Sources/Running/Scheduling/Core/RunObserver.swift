public import JobGraph
public import WorkerProtocol

/// Watches a run, for progress displays and logs.
public protocol RunObserver: Sendable {
  /// Something has happened.
  ///
  /// Calls come from any thread; each must return quickly.
  ///
  /// - Parameter event: What.
  func observe(_ event: ScheduleEvent)
}

/// What happens while jobs are run.
public enum ScheduleEvent: Sendable {
  /// An attempt starts, a job's first is 1; `label` is how messages name the job.
  case started(Job, attempt: Int, label: String)
  /// An attempt has come this far, in its own words and numbers.
  case progressed(Job, TaskProgress)
  /// An attempt has ended and is recorded; `retryDelay` is the pause before the next one, `nil` if there is none.
  case finished(Job, attempt: Int, AttemptOutcome, retryDelay: Duration?)
  /// An earlier attempt stands for a job after all, since what it needs turned out as before.
  case reused(Job)
  /// A job will not run, because one that it depends on failed.
  case skipped(Job, because: Job)
  /// The run is being interrupted, this far.
  case interrupted(Interruption.Level)
  /// The run ends early, because its attempts cannot be recorded any more.
  case stopped(RecordingStopped)
}

/// Watches nothing.
public struct SilentObserver: RunObserver {
  /// Creates the observer.
  public init() {}

  /// Does nothing.
  public func observe(_ event: ScheduleEvent) {}
}
