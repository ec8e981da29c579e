/// How far a job has come in a run.
///
/// The database keeps less of it, as `JobState`: what a later run, or a reader, may rely on. It knows no pause between attempts, and a job
/// whose attempt was cancelled is one that waits, as it does for the run that goes on.
public enum ScheduleState: String, Sendable, Hashable {
  /// Some of its needs have not succeeded yet.
  case waiting
  /// It could start.
  case ready
  /// An attempt is under way.
  case running
  /// An attempt failed and the next one waits for its time.
  case delayed
  /// An attempt of this run succeeded.
  case succeeded
  /// An earlier run had it already.
  case reused
  /// Its last attempt failed.
  case failed
  /// A job that it needs failed.
  case skipped
  /// Its attempt was ended by an interruption.
  case cancelled
}

/// What an attempt's end means for its job.
public enum AttemptVerdict: Sendable, Hashable {
  /// The job is done.
  case succeeded
  /// An earlier attempt stands for the job after all.
  case reused
  /// The job's own fault; its retries apply.
  case failed
  /// The job's inputs are wrong; trying again cannot help.
  case invalid
  /// Not the job's fault; `RetryPolicy.infrastructureRetries` apply.
  case infrastructureFailed
  /// Ended by an interruption.
  case cancelled
}
