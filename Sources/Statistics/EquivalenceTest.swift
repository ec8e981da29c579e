/// Two one-sided t tests that ask whether a mean difference lies inside ± a margin.
///
/// A difference that is not significant is never evidence of equality; this test is.
///
/// - Source: Schuirmann, "A comparison of the two one-sided tests procedure ...", J. Pharmacokinetics 1987; agrees with two
///   calls of `scipy.stats.ttest_1samp` 1.17.1 to 1e-10.
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
    guard margin > 0, significance > 0, significance < 0.5 else {
      throw StatisticsError(
        .outOfRange,
        "an equivalence test needs a margin above 0 and a significance in (0, 0.5), not \(margin) and \(significance)")
    }
    let interval = try meanInterval(of: differences, level: 1 - 2 * significance)
    let summary = try Summary(of: differences)
    let error = (summary.standardDeviation ?? 0) / Double(differences.count).squareRoot()
    let freedom = Double(differences.count - 1)
    func tail(_ distance: Double) -> Double {
      guard error > 0 else { return distance > 0 ? 0 : 1 }
      return StudentDistribution.upperTail(distance / error, degreesOfFreedom: freedom)
    }
    let p = max(tail(summary.mean + margin), tail(margin - summary.mean))
    meanDifference = summary.mean
    pValue = p
    self.interval = interval
    self.margin = margin
    isEquivalent = p < significance
  }
}
