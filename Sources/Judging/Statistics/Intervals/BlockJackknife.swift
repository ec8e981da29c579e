/// The standard error of any statistic from leaving out one block of dependent values at a time.
///
/// For set metrics such as kernel distances, with prompts as blocks.
///
/// - Source: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics 1989;
///   for blocks of unequal size Busing, Meijer and van der Leeden, "Delete-m jackknife for unequal m", Statistics and
///   Computing 1999.
public struct BlockJackknife: Sendable, Hashable {
  /// The statistic of all blocks.
  public var estimate: Double
  /// The estimate less its estimated bias.
  public var biasCorrected: Double
  /// Standard error of the estimate.
  public var standardError: Double
  /// Estimate ± t · standard error with one degree of freedom less than blocks.
  public var interval: ConfidenceInterval

  /// Computes a jackknife.
  ///
  /// - Parameters:
  ///   - sizes: Number of values in each block; at least two blocks, all sizes above 0.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  ///   - statistic: Computes the statistic of the blocks at these indices, all or all but one of them.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  /// - Complexity: One call of the statistic more than blocks.
  public init(sizes: [Int], level: Double = 0.95, of statistic: ([Int]) -> Double) throws(StatisticsError) {
    guard sizes.count >= 2, sizes.allSatisfy({ $0 > 0 }) else {
      throw StatisticsError(
        .tooFewValues, "a block jackknife needs at least 2 blocks, none empty, and has \(sizes.count)")
    }
    try check(level: level, for: "a block jackknife")
    let total = Double(sizes.reduce(0, +))
    let count = Double(sizes.count)
    let whole = statistic(Array(sizes.indices))
    let leftOut = sizes.indices.map { out in statistic(sizes.indices.filter { $0 != out }) }
    try check([whole] + leftOut, atLeast: 1, for: "a block jackknife's statistic")
    let kept = zip(sizes, leftOut).reduce(0) { $0 + (1 - Double($1.0) / total) * ($1.1 - whole) }
    let corrected = whole - kept
    let variance =
      zip(sizes, leftOut).reduce(0.0) { sum, block in
        let share = total / Double(block.0)
        let pseudo = share * whole - (share - 1) * block.1
        return sum + (pseudo - corrected) * (pseudo - corrected) / (share - 1)
      } / count
    estimate = whole
    biasCorrected = corrected
    standardError = variance.squareRoot()
    let reach = StudentDistribution.upperQuantile((1 - level) / 2, degreesOfFreedom: count - 1) * variance.squareRoot()
    interval = ConfidenceInterval(lower: whole - reach, upper: whole + reach, level: level)
  }
}
