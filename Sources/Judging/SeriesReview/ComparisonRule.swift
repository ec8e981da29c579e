import Glibc
public import Statistics

/// Whether two things that were timed in turns differ: the interval of Hodges and Lehmann, which a few disturbed pairs hardly move.
///
/// The independent unit is a pair of rounds in opposite order. Both things run in one process, so that what differs between processes is in
/// neither side; a calibration shows what that leaves of the stated risk.
public struct ComparisonRule: Sendable, Hashable {
  /// What a comparison found.
  public enum Finding: String, Sendable, Hashable {
    /// The one takes longer.
    case slower
    /// The one takes less long.
    case faster
    /// No difference was found, which does not say that there is none.
    case none
    /// Too few pairs for any finding.
    case tooFew
  }

  /// One comparison.
  public struct Outcome: Sendable, Hashable {
    /// What was found.
    public var finding: Finding
    /// Estimate of the ratio.
    public var ratio: Double
    /// Its interval; nil if there are too few pairs.
    public var interval: ConfidenceInterval?
    /// Number of pairs.
    public var pairs: Int
  }

  /// Accepted risk of a false alarm of one comparison, in (0, 1).
  public var significance: Double
  /// Smallest relative difference that counts as one, such as 0.005; a smaller one is of no consequence.
  public var leastChange: Double

  /// Makes a rule.
  ///
  /// - Parameters:
  ///   - significance: Accepted risk of a false alarm of one comparison, in (0, 1).
  ///   - leastChange: Smallest relative difference that counts as one, not below 0.
  public init(significance: Double = 0.01, leastChange: Double = 0.005) {
    self.significance = significance
    self.leastChange = leastChange
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - logRatios: Natural logarithms of the ratios of pairs, finite; at least one.
  ///   - family: How many comparisons share the risk (Bonferroni).
  /// - Returns: What was found.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  /// - Source: `HodgesLehmann`.
  public func compare(logRatios: [Double], family: Int = 1) throws(StatisticsError) -> Outcome {
    let found = try HodgesLehmann(of: logRatios, level: 1 - significance / Double(max(1, family)))
    var outcome = Outcome(finding: .tooFew, ratio: exp(found.estimate), interval: nil, pairs: logRatios.count)
    guard let interval = found.interval.interval else { return outcome }
    outcome.interval = ConfidenceInterval(lower: exp(interval.lower), upper: exp(interval.upper), level: interval.level)
    outcome.finding = .none
    if interval.lower > 0, outcome.ratio >= 1 + leastChange { outcome.finding = .slower }
    if interval.upper < 0, outcome.ratio <= 1 / (1 + leastChange) { outcome.finding = .faster }
    return outcome
  }

  /// Returns the smallest slow-down that a comparison would have found if it had been planted in it.
  ///
  /// A slow-down by a share s adds log(1 + s) to every logarithm of a ratio, and so to the estimate and its interval.
  ///
  /// - Parameter logRatios: A comparison of something with itself.
  /// - Returns: log(1 + s), or nil if there are too few pairs for any finding.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  func threshold(logRatios: [Double]) throws(StatisticsError) -> Double? {
    let found = try HodgesLehmann(of: logRatios, level: 1 - significance)
    guard let interval = found.interval.interval else { return nil }
    return max(-interval.lower, log1p(leastChange) - found.estimate)
  }
}
