public import AttemptModel
public import JobGraph

/// Keeps the book of attempts; implemented over the results store.
public protocol AttemptRecording: Sendable {
  /// Notes that an attempt begins and makes its folders.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - attemptNumber: 1 for the job's first attempt in this run.
  /// - Returns: Where the attempt writes.
  /// - Throws: Any error, which ends the run: nothing can be recorded any more.
  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace

  /// Returns what an earlier attempt has made that may stand for a job, now that the jobs which it needs are done.
  ///
  /// - Parameter job: A job whose first attempt is about to begin.
  /// - Returns: Absolute paths of artifacts by name; `nil` if the job must run.
  /// - Throws: Any error, which ends the run: nothing can be recorded any more.
  func recall(_ job: Job) async throws -> [String: String]?

  /// Notes how an attempt ended and publishes its artifacts; returns when that is durable.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - place: Where the attempt wrote.
  ///   - outcome: How it ended.
  /// - Returns: Absolute paths of the published artifacts by name; dependents get these as inputs.
  /// - Throws: `RecordingRefused` if what the attempt made cannot be stored: the attempt is then still under way, and is finished once
  ///   more, as failed for that reason. Any other error ends the run: nothing can be recorded any more.
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String]

  /// Notes that jobs may start now; returns at once.
  ///
  /// - Parameters:
  ///   - jobs: Positions of the jobs; may be empty.
  ///   - job: The last job that they waited for; it has a result now.
  func becameReady(_ jobs: [Int], after job: Job)

  /// Makes sure that the book can still be kept; asked every few seconds, so that a long job is not run for nothing.
  ///
  /// - Throws: Any error, which ends the run.
  func requireKept() async throws
}

extension AttemptRecording {
  /// Knows of no earlier attempt.
  public func recall(_ job: Job) async throws -> [String: String]? { nil }

  /// Notes nothing.
  public func becameReady(_ jobs: [Int], after job: Job) {}

  /// Knows of nothing that could happen to the book.
  public func requireKept() async throws {}
}
