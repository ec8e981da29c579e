import Glibc
public import Statistics

/// What a comparison rule can tell apart on one machine, learned from comparisons of something with itself.
///
/// Each comparison would have found a planted slow-down from some size on. These sizes vary from comparison to comparison; the one that
/// is found with a stated power is a quantile of theirs, taken as that of a normal distribution of their logarithms.
public struct CalibrationEstimate: Sendable, Hashable {
  /// How often something was compared with itself.
  public var comparisons: Int
  /// How many of those comparisons found a difference.
  public var falseAlarms: Int
  /// 95 % interval of the share of false alarms (Wilson).
  public var falseAlarmInterval: ConfidenceInterval
  /// Median number of pairs in a comparison.
  public var pairs: Int
  /// Standard deviation of the logarithm of a pair's ratio: 1.4826 times the median absolute deviation, median over comparisons.
  public var noise: Double
  /// Smallest slow-down that is found with the power asked for, a share; nil if there are too few pairs for any finding.
  public var detectable: Double?
  /// 95 % bootstrap interval of ``detectable`` over comparisons; nil below ``leastForInterval`` comparisons.
  public var detectableInterval: ConfidenceInterval?
  /// How often a planted slow-down was measured.
  public var plantedComparisons: Int
  /// How often it was found.
  public var plantedFound: Int

  /// Fewest comparisons for an interval of the smallest slow-down.
  public static let leastForInterval = 5

  /// Learns from comparisons.
  ///
  /// - Parameters:
  ///   - identity: Logarithms of paired ratios of something to itself, one list for each comparison; at least one with two pairs or more.
  ///   - planted: The same for something made slower to itself.
  ///   - rule: How comparisons are judged.
  ///   - power: The chance with which the smallest slow-down is to be found, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(
    identity: [[Double]], planted: [[Double]] = [], rule: ComparisonRule = ComparisonRule(), power: Double = 0.8
  ) throws(StatisticsError) {
    guard !identity.isEmpty, identity.allSatisfy({ $0.count >= 2 }), planted.allSatisfy({ !$0.isEmpty }) else {
      throw StatisticsError(.tooFewValues, "a calibration needs comparisons of at least 2 pairs each")
    }
    guard power > 0, power < 1 else {
      throw StatisticsError(.outOfRange, "a calibration needs a power between 0 and 1 and was given \(power)")
    }
    comparisons = identity.count
    var alarms = 0
    var thresholds: [Double] = []
    var spreads: [Double] = []
    for logRatios in identity {
      let finding = try rule.compare(logRatios: logRatios).finding
      if finding == .slower || finding == .faster { alarms += 1 }
      if let threshold = try rule.threshold(logRatios: logRatios) { thresholds.append(threshold) }
      spreads.append(1.482602218505602 * (try Summary(of: logRatios).medianAbsoluteDeviation))
    }
    falseAlarms = alarms
    falseAlarmInterval = try proportionInterval(successes: alarms, of: identity.count)
    pairs = Int(median(of: identity.map { Double($0.count) }))
    noise = median(of: spreads)
    plantedComparisons = planted.count
    var found = 0
    for logRatios in planted where try rule.compare(logRatios: logRatios).finding == .slower { found += 1 }
    plantedFound = found
    guard thresholds.count == identity.count else { return }
    let normal = NormalDistribution.quantile(power)
    func size(_ thresholds: [Double]) -> Double {
      guard thresholds.count > 1, let deviation = try? Summary(of: thresholds).standardDeviation else {
        return expm1(thresholds[0])
      }
      return expm1(mean(of: thresholds) + normal * deviation)
    }
    detectable = size(thresholds)
    guard thresholds.count >= Self.leastForInterval else { return }
    detectableInterval = try Bootstrap(resamples: 2000).interval(units: thresholds.count) { chosen in
      size(chosen.map { thresholds[$0] })
    }
  }
}
