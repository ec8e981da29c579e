/// The power of a paired t test, and how many pairs it takes.
///
/// - Source: noncentral t; agrees with statsmodels' `TTestPower` to 1e-8.
public struct PairedPower: Sendable, Hashable {
  /// The directions in which a difference counts as found.
  public enum Sides: Sendable, Hashable {
    /// Only that of the difference itself.
    case one
    /// Either.
    case two
  }

  /// The mean difference to be found, in units of the standard deviation of the differences; its sign plays no part.
  public let effect: Double
  /// Accepted risk of a false finding, in (0, 1).
  public let significance: Double
  /// The directions in which a difference counts as found.
  public let sides: Sides

  /// Describes a test.
  ///
  /// - Parameters:
  ///   - difference: The mean difference to be found.
  ///   - standardDeviation: Standard deviation of the differences, above 0, in the same unit.
  ///   - significance: Accepted risk of a false finding, in (0, 1).
  ///   - sides: The directions in which a difference counts as found.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public init(
    difference: Double, standardDeviation: Double, significance: Double = 0.05, sides: Sides = .two
  ) throws(StatisticsError) {
    try check(level: significance, for: "a power")
    guard difference.isFinite, standardDeviation > 0, standardDeviation.isFinite else {
      throw StatisticsError(
        .outOfRange,
        "a power needs a finite difference and a standard deviation above 0, not \(difference) and \(standardDeviation)"
      )
    }
    effect = abs(difference) / standardDeviation
    self.significance = significance
    self.sides = sides
  }

  /// Returns the chance of a significant result.
  ///
  /// - Parameter pairs: Number of pairs, at least 2.
  /// - Returns: A probability.
  public func power(pairs: Int) -> Double {
    precondition(pairs >= 2, "a paired test of fewer than two pairs")
    let freedom = Double(pairs - 1)
    let limit = StudentDistribution.upperQuantile(tail, degreesOfFreedom: freedom)
    let shift = effect * Double(pairs).squareRoot()
    // Far beyond the limit the power is 1 to all digits, and the series would be long.
    guard shift < 40 * (1 + abs(limit)) else { return 1 }
    let found = 1 - NoncentralStudentDistribution.cumulative(limit, degreesOfFreedom: freedom, noncentrality: shift)
    guard sides == .two else { return found }
    return found + NoncentralStudentDistribution.cumulative(-limit, degreesOfFreedom: freedom, noncentrality: shift)
  }

  /// Returns the least number of pairs that reaches a power.
  ///
  /// - Parameters:
  ///   - power: The chance wanted, in (0, 1).
  ///   - limit: Greatest number that is looked at, at least 2.
  /// - Returns: The number, at least 2; `nil` if `limit` is not enough.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  /// - Complexity: A dozen evaluations of ``power(pairs:)``, whatever the number.
  public func pairs(forPower power: Double, limit: Int = 100_000) throws(StatisticsError) -> Int? {
    try check(level: power, for: "a number of pairs")
    guard limit >= 2, self.power(pairs: limit) >= power else { return nil }
    // The normal approximation is a few pairs off at most, so the search begins beside it.
    let distance = (NormalDistribution.quantile(1 - tail) + NormalDistribution.quantile(power)) / effect
    let guess = Int(min(max(distance * distance, 2), Double(limit)))
    var (lower, upper) = (1, limit)
    var stride = 2
    if self.power(pairs: guess) < power {
      lower = guess
      while lower + stride < limit, self.power(pairs: lower + stride) < power {
        lower += stride
        stride *= 2
      }
      upper = min(lower + stride, limit)
    } else {
      upper = guess
      while upper - stride >= 2, self.power(pairs: upper - stride) >= power {
        upper -= stride
        stride *= 2
      }
      lower = max(upper - stride, 1)
    }
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if self.power(pairs: middle) < power { lower = middle } else { upper = middle }
    }
    return upper
  }

  /// The share of false findings on one side.
  private var tail: Double { sides == .two ? significance / 2 : significance }
}
