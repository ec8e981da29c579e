import Glibc

/// Two one-sided t tests that ask whether a mean difference lies inside ± a margin.
///
/// A difference that is not significant is never evidence of equality; this test is.
///
/// - Source: Schuirmann, "A comparison of the two one-sided tests procedure ...", J. Pharmacokinetics 1987; agrees with
///   two calls of `scipy.stats.ttest_1samp` 1.17.1 to 1e-10 and with statsmodels' `ttost_ind(usevar="unequal")`.
public struct EquivalenceTest: Sendable, Hashable {
  /// Mean of the differences.
  public var meanDifference: Double
  /// The greater of the two one-sided p values.
  public var pValue: Double
  /// Interval with coverage 1 − 2 · significance; inside ± margin exactly if the test accepts equivalence.
  public var interval: ConfidenceInterval
  /// The margin, above 0, in the unit of the differences.
  public var margin: Double
  /// Whether equivalence is accepted.
  public var isEquivalent: Bool

  /// Tests paired differences.
  ///
  /// - Parameters:
  ///   - differences: At least two finite values.
  ///   - margin: Greatest difference that counts as equal, above 0.
  ///   - significance: Greatest accepted risk of calling unequal means equal, in (0, 0.5).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(differences: [Double], margin: Double, significance: Double = 0.05) throws(StatisticsError) {
    try EquivalenceTest.check(margin: margin, significance: significance)
    let test = try StudentTest(of: differences, level: 1 - 2 * significance)
    self.init(test, margin: margin, significance: significance)
  }

  /// Tests two independent samples, without supposing equal variances.
  ///
  /// - Parameters:
  ///   - first: At least two finite values.
  ///   - second: At least two finite values, in the same unit.
  ///   - margin: Greatest difference of the means that counts as equal, above 0.
  ///   - significance: Greatest accepted risk of calling unequal means equal, in (0, 0.5).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(
    first: [Double], second: [Double], margin: Double, significance: Double = 0.05
  ) throws(StatisticsError) {
    try EquivalenceTest.check(margin: margin, significance: significance)
    let test = try StudentTest(first: first, second: second, level: 1 - 2 * significance)
    self.init(test, margin: margin, significance: significance)
  }

  /// Tests whether the geometric mean of paired ratios lies between 1 / (1 + margin) and 1 + margin.
  ///
  /// The fields hold natural logarithms of ratios; ``margin`` is log(1 + margin).
  ///
  /// - Parameters:
  ///   - numerators: At least two finite positive values.
  ///   - denominators: As many finite positive values, in the same unit and order.
  ///   - margin: Greatest relative difference that counts as equal, above 0, such as 0.05.
  ///   - significance: Greatest accepted risk of calling unequal quantities equal, in (0, 0.5).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths` or `.outOfRange`.
  public init(
    numerators: [Double], denominators: [Double], margin: Double, significance: Double = 0.05
  ) throws(StatisticsError) {
    try Statistics.check(numerators, and: denominators, atLeast: 2, for: "an equivalence test of ratios")
    guard numerators.allSatisfy({ $0 > 0 }), denominators.allSatisfy({ $0 > 0 }) else {
      throw StatisticsError(.outOfRange, "an equivalence test of ratios needs values above 0")
    }
    try self.init(
      differences: zip(numerators, denominators).map { log($0 / $1) }, margin: log1p(margin), significance: significance
    )
  }

  private init(_ test: StudentTest, margin: Double, significance: Double) {
    func tail(_ distance: Double) -> Double {
      guard test.standardError > 0 else { return distance > 0 ? 0 : 1 }
      return StudentDistribution.upperTail(distance / test.standardError, degreesOfFreedom: test.degreesOfFreedom)
    }
    let p = max(tail(test.estimate + margin), tail(margin - test.estimate))
    meanDifference = test.estimate
    pValue = p
    interval = test.interval
    self.margin = margin
    isEquivalent = p < significance
  }

  private static func check(margin: Double, significance: Double) throws(StatisticsError) {
    guard margin > 0, significance > 0, significance < 0.5 else {
      throw StatisticsError(
        .outOfRange,
        "an equivalence test needs a margin above 0 and a significance in (0, 0.5), not \(margin) and \(significance)")
    }
  }
}
