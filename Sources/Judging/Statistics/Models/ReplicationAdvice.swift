/// How many more pairs, such as seeds, would decide whether a mean difference lies on one side of a boundary.
///
/// Advice for planning, not a test: it takes the mean and the spread found so far for the true ones. Looking again
/// after adding pairs and stopping at the first significant result raises the risk of a false finding; use
/// ``ConfidenceSequence`` for that.
public struct ReplicationAdvice: Sendable, Hashable {
  /// Number of pairs so far.
  public var count: Int
  /// Whether the interval of the mean excludes the boundary already.
  public var isDecided: Bool
  /// Chance that a new experiment of the same size would decide, if the mean and the spread found are the true ones.
  public var power: Double
  /// Pairs to add for the power asked; 0 if decided already, `nil` if a hundred thousand would not be enough.
  public var additionalPairs: Int?

  /// Computes the advice.
  ///
  /// - Parameters:
  ///   - differences: At least two finite paired differences, not all equal.
  ///   - boundary: The value that the claim is about, such as 0 or a margin, in the unit of the differences.
  ///   - power: The chance of a decision wanted, in (0, 1).
  ///   - significance: Accepted risk of a false decision, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.noSpread` or `.outOfRange`.
  public init(
    differences: [Double], boundary: Double = 0, power: Double = 0.8, significance: Double = 0.05
  ) throws(StatisticsError) {
    let summary = try Summary(of: differences)
    try check(level: significance, for: "advice on replication")
    let interval = try meanInterval(of: differences, level: 1 - significance)
    guard let spread = summary.standardDeviation, spread > 0 else {
      throw StatisticsError(.noSpread, "advice on replication needs differences that vary")
    }
    let design = try PairedPower(
      difference: summary.mean - boundary, standardDeviation: spread, significance: significance)
    count = differences.count
    isDecided = !interval.contains(boundary)
    self.power = design.power(pairs: differences.count)
    additionalPairs =
      isDecided ? 0 : try design.pairs(forPower: power).map { [count] in max(1, $0 - count) }
  }
}
