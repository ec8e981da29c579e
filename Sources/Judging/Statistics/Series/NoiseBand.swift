/// What changes from night to night are usual for one measurement, judged by its own history.
///
/// - Source: rustc-perf's significance threshold (the upper quartile plus three interquartile ranges of the relative
///   changes in the past), which is Tukey's outer fence.
public struct NoiseBand: Sendable, Hashable {
  /// How a new value compares with the one before.
  public enum Verdict: String, Sendable, Hashable {
    /// The change is usual.
    case withinNoise
    /// The value fell by more than usual.
    case lower
    /// The value rose by more than usual.
    case higher
  }

  /// Greatest usual relative change, 0 or above.
  public var limit: Double
  /// Number of past changes that it rests on.
  public var count: Int

  /// Learns from a series of past values.
  ///
  /// - Parameter history: At least nine finite positive values in the order measured; cut it at known changes, see
  ///   ``ChangePoints``.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(history: [Double]) throws(StatisticsError) {
    try check(history, atLeast: 9, for: "a noise band")
    guard history.allSatisfy({ $0 > 0 }) else {
      throw StatisticsError(.outOfRange, "a noise band needs values above 0, as it measures relative changes")
    }
    let changes = zip(history, history.dropFirst()).map { NoiseBand.change($0, $1) }.sorted()
    let upper = quantile(ofSorted: changes, at: 0.75)
    limit = upper + 3 * (upper - quantile(ofSorted: changes, at: 0.25))
    count = changes.count
  }

  /// Judges a new value.
  ///
  /// - Parameters:
  ///   - old: The value before, above 0.
  ///   - new: The new value, above 0, in the same unit.
  /// - Returns: Whether the change is unusual, and in which direction.
  public func verdict(from old: Double, to new: Double) -> Verdict {
    if NoiseBand.change(old, new) <= limit { return .withinNoise }
    return new > old ? .higher : .lower
  }

  /// The relative change, the same for a rise and for the fall that undoes it.
  private static func change(_ old: Double, _ new: Double) -> Double {
    max(old, new) / min(old, new) - 1
  }
}
