public import AttemptModel

/// Bounds of a job's attempts besides the time limit, and the pauses between them.
public struct AttemptLimits: Sendable, Hashable {
  /// Between SIGTERM, or the wish to cancel a task, and SIGKILL, in seconds; the executor's own choice if absent.
  public var graceSeconds: Double?
  /// Most memory that the processes of an attempt may hold together, in bytes; no bound if absent.
  public var memoryBytes: Int?
  /// The pauses before retries; the scheduler's own choice if absent.
  public var backoff: RetryBackoff?
  /// When the machine is quiet enough for a timed attempt; the standard rule if absent.
  public var quiet: QuietRule?

  /// Makes limits.
  ///
  /// - Parameters:
  ///   - graceSeconds: Between SIGTERM and SIGKILL.
  ///   - memoryBytes: Most memory of an attempt's processes together.
  ///   - backoff: The pauses before retries.
  public init(graceSeconds: Double? = nil, memoryBytes: Int? = nil, backoff: RetryBackoff? = nil) {
    self.graceSeconds = graceSeconds
    self.memoryBytes = memoryBytes
    self.backoff = backoff
  }
}
