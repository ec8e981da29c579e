/// Student's test of "the mean lies above a bound" and of its contrary, both at once.
///
/// A verdict needs both directions: the first establishes a claim, the second refutes it, and neither leaves it open. Two of
/// them, one for each end of a margin, are Schuirmann's test of equality, see ``EquivalenceTest``.
///
/// - Source: Student, "The probable error of a mean", Biometrika 1908; agrees with `scipy.stats.ttest_1samp` 1.17.1 with
///   `alternative="greater"` and `"less"` to 1e-10.
public struct OneSidedTest: Sendable, Hashable {
  /// Number of values.
  public var count: Int
  /// Mean of the values less the bound, in the unit of the values; NaN without values.
  public var distance: Double
  /// Standard deviation of the values (ddof 1); NaN for fewer than two.
  public var standardDeviation: Double
  /// Risk of calling the mean greater than the bound if it is not.
  public var abovePValue: Double
  /// Risk of calling the mean less than the bound if it is not.
  public var belowPValue: Double

  /// Tests independent values.
  ///
  /// Values that do not vary are certain. Fewer than two values, or one that is not finite, establish nothing: both p values
  /// are 1.
  ///
  /// - Parameters:
  ///   - values: Any number of values.
  ///   - bound: What their mean is compared with.
  public init(of values: [Double], bound: Double = 0) {
    count = values.count
    (distance, standardDeviation, abovePValue, belowPValue) = (.nan, .nan, 1, 1)
    guard let summary = try? Summary(of: values.map { $0 - bound }) else { return }
    distance = summary.mean
    guard let deviation = summary.standardDeviation else { return }
    standardDeviation = deviation
    guard deviation > 0 else {
      abovePValue = distance > 0 ? 0 : 1
      belowPValue = distance < 0 ? 0 : 1
      return
    }
    let statistic = distance / (deviation / Double(count).squareRoot())
    abovePValue = StudentDistribution.upperTail(statistic, degreesOfFreedom: Double(count - 1))
    belowPValue = StudentDistribution.upperTail(-statistic, degreesOfFreedom: Double(count - 1))
  }

  /// Returns how many values decide the direction that the mean points to, if mean and spread are the true ones.
  ///
  /// - Parameters:
  ///   - power: The chance of a decision wanted, in (0, 1).
  ///   - significance: Accepted risk of a wrong decision, in (0, 1).
  ///   - limit: Greatest number that is looked at, at least 2.
  /// - Returns: The least such number; `nil` if `limit` is not enough, or if mean or spread is 0 or unknown.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public func neededCount(
    power: Double = 0.8, significance: Double, limit: Int
  ) throws(StatisticsError) -> Int? {
    guard distance != 0, distance.isFinite, standardDeviation > 0 else { return nil }
    let design = try PairedPower(
      difference: distance, standardDeviation: standardDeviation, significance: significance, sides: .one)
    return try design.pairs(forPower: power, limit: limit)
  }
}
