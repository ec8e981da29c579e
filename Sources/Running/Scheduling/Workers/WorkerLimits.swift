/// Bounds of what a worker may take.
public struct WorkerLimits: Sendable {
  /// Time from the start to the hello.
  public var hello: Duration
  /// Time from the wish to cancel a task, or to end the worker, to its death.
  public var grace: Duration
  /// Longest line that a worker may write, in bytes.
  public var lineBytes: Int
  /// Greatest size of an attempt's log in bytes; the middle of more is cut out.
  public var logBytes: Int
  /// Shortest time between two progress messages that are passed on.
  public var progressInterval: Duration

  /// Creates limits.
  ///
  /// - Parameters:
  ///   - hello: Time from the start to the hello.
  ///   - grace: Time from the wish to end to death.
  ///   - lineBytes: Longest line.
  ///   - logBytes: Greatest size of an attempt's log.
  ///   - progressInterval: Shortest time between two progress messages that are passed on.
  public init(
    hello: Duration = .seconds(30), grace: Duration = .seconds(5), lineBytes: Int = 16 << 20,
    logBytes: Int = 1 << 20, progressInterval: Duration = .milliseconds(50)
  ) {
    self.hello = hello
    self.grace = grace
    self.lineBytes = lineBytes
    self.logBytes = logBytes
    self.progressInterval = progressInterval
  }
}
