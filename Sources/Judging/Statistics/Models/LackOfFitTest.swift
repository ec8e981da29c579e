/// Whether repeated measurements at the same x contradict a straight line.
///
/// - Source: Draper and Smith, "Applied Regression Analysis", 1998, section 2.1.
public struct LackOfFitTest: Sendable, Hashable {
  /// Mean square of the group means' distances from the line over the mean square inside groups.
  public var statistic: Double
  /// Degrees of freedom of the numerator: distinct x less 2.
  public var degreesOfFreedom: Int
  /// Chance of a ratio at least as great if a line is right and the errors are normal.
  public var pValue: Double

  /// Tests a line.
  ///
  /// - Parameters:
  ///   - x: Finite values with at least three distinct ones, some of them repeated.
  ///   - y: As many finite values.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths` or `.noSpread`.
  public init(x: [Double], y: [Double]) throws(StatisticsError) {
    let trend = try LinearTrend(x: x, y: y)
    let groups = Dictionary(grouping: x.indices) { x[$0] }.sorted { $0.key < $1.key }
    let freedom = x.count - groups.count
    guard groups.count >= 3, freedom >= 1 else {
      throw StatisticsError(
        .tooFewValues,
        "a test of lack of fit needs 3 distinct x and repeated measurements and has \(groups.count) x for \(x.count) values"
      )
    }
    var inside = 0.0
    var between = 0.0
    for (position, members) in groups {
      let centre = mean(of: members.map { y[$0] })
      inside += members.reduce(0) { $0 + (y[$1] - centre) * (y[$1] - centre) }
      let distance = centre - (trend.intercept + trend.slope * position)
      between += Double(members.count) * distance * distance
    }
    degreesOfFreedom = groups.count - 2
    let ratio = between / Double(groups.count - 2) / (inside / Double(freedom))
    statistic = between == 0 ? 0 : ratio
    pValue = FisherDistribution.upperTail(
      statistic, numerator: Double(groups.count - 2), denominator: Double(freedom))
  }
}
