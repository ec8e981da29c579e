public import JobGraph
public import WorkerProtocol

/// Watches a run, for progress displays and logs.
///
/// Calls come from any thread; each must return quickly.
public protocol RunObserver: Sendable {
  /// An attempt starts.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - attempt: 1 for the first.
  ///   - label: How messages name the job.
  func jobStarted(_ job: Job, attempt: Int, label: String)

  /// An attempt has come this far.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - progress: Its own words and numbers.
  func jobProgressed(_ job: Job, _ progress: TaskProgress)

  /// An attempt has ended and is recorded.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - attempt: 1 for the first.
  ///   - outcome: How it ended.
  ///   - retryDelay: Pause before the next attempt; `nil` if there is none.
  func jobFinished(_ job: Job, attempt: Int, outcome: AttemptOutcome, retryDelay: Duration?)

  /// An earlier attempt stands for a job after all, since what it needs turned out as before.
  ///
  /// - Parameter job: The job.
  func jobReused(_ job: Job)

  /// A job will not run.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - because: The failed job that it depends on.
  func jobSkipped(_ job: Job, because: Job)

  /// The run is being interrupted.
  ///
  /// - Parameter level: How far.
  func runInterrupted(_ level: Interruption.Level)

  /// The run ends early, because its attempts cannot be recorded any more.
  ///
  /// - Parameter failure: Why.
  func runStopped(because failure: RecordingStopped)
}

extension RunObserver {
  /// Does nothing.
  public func jobStarted(_ job: Job, attempt: Int, label: String) {}
  /// Does nothing.
  public func jobProgressed(_ job: Job, _ progress: TaskProgress) {}
  /// Does nothing.
  public func jobFinished(_ job: Job, attempt: Int, outcome: AttemptOutcome, retryDelay: Duration?) {}
  /// Does nothing.
  public func jobReused(_ job: Job) {}
  /// Does nothing.
  public func jobSkipped(_ job: Job, because: Job) {}
  /// Does nothing.
  public func runInterrupted(_ level: Interruption.Level) {}
  /// Does nothing.
  public func runStopped(because failure: RecordingStopped) {}
}

/// Watches nothing.
public struct SilentObserver: RunObserver {
  /// Creates the observer.
  public init() {}
}
