/// The power of a two-sided paired t test, and how many pairs it takes.
///
/// - Source: noncentral t; agrees with statsmodels' `TTestPower` to 1e-8.
public struct PairedPower: Sendable, Hashable {
  /// The mean difference to be found, in units of the standard deviation of the differences; its sign plays no part.
  public let effect: Double
  /// Accepted risk of a false finding, in (0, 1).
  public let significance: Double

  /// Describes a test.
  ///
  /// - Parameters:
  ///   - difference: The mean difference to be found.
  ///   - standardDeviation: Standard deviation of the differences, above 0, in the same unit.
  ///   - significance: Accepted risk of a false finding, in (0, 1).
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public init(difference: Double, standardDeviation: Double, significance: Double = 0.05) throws(StatisticsError) {
    try check(level: significance, for: "a power")
    guard difference.isFinite, standardDeviation > 0, standardDeviation.isFinite else {
      throw StatisticsError(
        .outOfRange,
        "a power needs a finite difference and a standard deviation above 0, not \(difference) and \(standardDeviation)"
      )
    }
    effect = abs(difference) / standardDeviation
    self.significance = significance
  }

  /// Returns the chance of a significant result.
  ///
  /// - Parameter pairs: Number of pairs, at least 2.
  /// - Returns: A probability.
  public func power(pairs: Int) -> Double {
    precondition(pairs >= 2, "a paired test of fewer than two pairs")
    let freedom = Double(pairs - 1)
    let limit = StudentDistribution.upperQuantile(significance / 2, degreesOfFreedom: freedom)
    let shift = effect * Double(pairs).squareRoot()
    // Far beyond the limit the power is 1 to all digits, and the series would be long.
    guard shift < 40 * (1 + limit) else { return 1 }
    return 1 - NoncentralStudentDistribution.cumulative(limit, degreesOfFreedom: freedom, noncentrality: shift)
      + NoncentralStudentDistribution.cumulative(-limit, degreesOfFreedom: freedom, noncentrality: shift)
  }

  /// Returns the least number of pairs that reaches a power.
  ///
  /// - Parameter power: The chance wanted, in (0, 1).
  /// - Returns: The number, at least 2; `nil` if a hundred thousand are not enough.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public func pairs(forPower power: Double) throws(StatisticsError) -> Int? {
    try check(level: power, for: "a number of pairs")
    var lower = 1
    var upper = 2
    while self.power(pairs: upper) < power {
      guard upper < 100_000 else { return nil }
      lower = upper
      upper = min(100_000, upper * 2)
    }
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if self.power(pairs: middle) < power { lower = middle } else { upper = middle }
    }
    return upper
  }
}
