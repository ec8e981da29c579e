/// Whether two measurements of the same units vary equally, from the correlation of their sums and differences;
/// two-sided.
///
/// - Source: Pitman, "A note on normal correlation", and Morgan, "A test for the significance of the difference between
///   the two variances in a sample from a normal bivariate population", both Biometrika 1939. The robust p value
///   estimates the correlation's variance from the products instead of supposing normality, after Grambsch, "Simple
///   robust tests for scale differences in paired data", Biometrika 1994.
public struct PitmanMorganTest: Sendable, Hashable {
  /// Standard deviation of the first measurement over that of the second.
  public var ratio: Double
  /// Interval of ``ratio``, exact for normal pairs.
  public var interval: ConfidenceInterval
  /// Correlation of sums and differences, in [−1, 1]; above 0 if the first varies more.
  public var correlation: Double
  /// Chance of a correlation at least as far from 0, exact for normal pairs.
  public var pValue: Double
  /// The same without supposing normality, from the normal distribution; needs some 20 pairs.
  public var robustPValue: Double

  /// Tests pairs.
  ///
  /// - Parameters:
  ///   - first: At least three finite values, not all equal.
  ///   - second: As many finite values in the same order and unit, not all equal.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths`, `.noSpread` or
  ///   `.outOfRange`.
  public init(first: [Double], second: [Double], level: Double = 0.95) throws(StatisticsError) {
    try check(first, and: second, atLeast: 3, for: "a Pitman-Morgan test")
    try check(level: level, for: "a Pitman-Morgan test")
    let centreA = mean(of: first)
    let centreB = mean(of: second)
    let pairs = zip(first, second).map { ($0 - centreA, $1 - centreB) }
    let squaresA = pairs.reduce(0) { $0 + $1.0 * $1.0 }
    let squaresB = pairs.reduce(0) { $0 + $1.1 * $1.1 }
    guard squaresA > 0, squaresB > 0 else {
      throw StatisticsError(.noSpread, "a Pitman-Morgan test needs values that differ in both samples")
    }
    let shared = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    let freedom = Double(first.count - 2)
    let difference = squaresA - squaresB
    let unexplained = max(0, 4 * (squaresA * squaresB - shared * shared))
    let scale = (difference * difference + unexplained).squareRoot()
    correlation = scale > 0 ? difference / scale : 0
    let t = difference == 0 ? 0 : abs(difference) * (freedom / unexplained).squareRoot()
    pValue = min(1, 2 * StudentDistribution.upperTail(t, degreesOfFreedom: freedom))
    let products = pairs.map { ($0.0 + $0.1) * ($0.0 - $0.1) }
    let noise = products.reduce(0) { $0 + $1 * $1 }.squareRoot()
    robustPValue = noise > 0 ? min(1, 2 * NormalDistribution.cumulative(-abs(difference) / noise)) : 1
    let quantile = StudentDistribution.upperQuantile((1 - level) / 2, degreesOfFreedom: freedom)
    let independent = 1 - shared * shared / (squaresA * squaresB)
    let excess = 2 * max(0, independent) * quantile * quantile / freedom
    let root = (excess * (excess + 2)).squareRoot()
    ratio = (squaresA / squaresB).squareRoot()
    interval = ConfidenceInterval(
      lower: ratio / (1 + excess + root).squareRoot(), upper: ratio * (1 + excess + root).squareRoot(), level: level)
  }
}
