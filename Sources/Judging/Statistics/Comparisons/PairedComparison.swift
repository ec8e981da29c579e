import Glibc

/// How two quantities measured on the same units compare.
///
/// The median ratio is robust; the geometric mean is more precise: for normal noise its interval is some 20 % narrower.
public struct PairedComparison: Sendable, Hashable {
  /// Number of pairs.
  public var count: Int
  /// Median of the ratios within pairs.
  public var medianRatio: Double
  /// Bootstrap interval of the median ratio; `nil` for one pair or if none was asked for.
  public var interval: ConfidenceInterval?
  /// Ratio of the two means, as a table of means suggests it.
  public var ratioOfMeans: Double
  /// Geometric mean of the ratios within pairs; `nil` if a numerator is not above 0.
  public var geometricMeanRatio: Double?
  /// Interval of the geometric mean, Student's t on the logarithms; `nil` for one pair or if a numerator is not above
  /// 0.
  public var geometricMeanInterval: ConfidenceInterval?

  /// Compares values pair by pair.
  ///
  /// - Parameters:
  ///   - numerators: At least one finite value.
  ///   - denominators: As many positive values, in the same unit and order.
  ///   - bootstrap: How the interval of the median is computed, whole pairs being resampled; `nil` for none.
  ///   - level: Nominal coverage of the interval of the geometric mean, in (0, 1); `nil` takes that of the bootstrap.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths` or `.outOfRange`.
  public init(
    numerators: [Double], denominators: [Double], bootstrap: Bootstrap? = Bootstrap(), level: Double? = nil
  ) throws(StatisticsError) {
    try check(numerators, atLeast: 1, for: "a paired ratio")
    try check(denominators, atLeast: 1, for: "a paired ratio")
    guard numerators.count == denominators.count else {
      throw StatisticsError(
        .unequalLengths,
        "a paired ratio needs as many denominators as numerators and has \(denominators.count) for \(numerators.count)")
    }
    guard denominators.allSatisfy({ $0 > 0 }) else {
      throw StatisticsError(.outOfRange, "a paired ratio needs denominators above 0")
    }
    let ratios = zip(numerators, denominators).map { $0 / $1 }
    count = ratios.count
    medianRatio = median(of: ratios)
    ratioOfMeans = mean(of: numerators) / mean(of: denominators)
    let logarithms = numerators.allSatisfy { $0 > 0 } ? ratios.map { log($0) } : []
    if !logarithms.isEmpty { geometricMeanRatio = exp(mean(of: logarithms)) }
    if ratios.count > 1 {
      interval = try bootstrap?.interval(of: .median, from: ratios)
      if !logarithms.isEmpty {
        let range = try meanInterval(of: logarithms, level: level ?? bootstrap?.level ?? 0.95)
        geometricMeanInterval = ConfidenceInterval(
          lower: exp(range.lower), upper: exp(range.upper), level: range.level)
      }
    }
  }
}
