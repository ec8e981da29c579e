/// How long to wait before a failed attempt is followed by the next one.
public struct RetryBackoff: Sendable, Hashable {
  /// Pause before the first retry in seconds.
  public var firstSeconds: Double
  /// By how much each further pause is longer; 1 or more.
  public var factor: Double
  /// Longest pause in seconds.
  public var longestSeconds: Double

  /// Makes a backoff.
  ///
  /// - Parameters:
  ///   - firstSeconds: Pause before the first retry.
  ///   - factor: By how much each further pause is longer.
  ///   - longestSeconds: Longest pause.
  public init(firstSeconds: Double, factor: Double = 2, longestSeconds: Double = 3600) {
    self.firstSeconds = firstSeconds
    self.factor = factor
    self.longestSeconds = longestSeconds
  }
}
