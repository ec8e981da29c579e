/// The standard error of any statistic from random halves of the units, drawn without replacement.
///
/// For statistics that duplicates would bias, such as the Fréchet distance. The spread among halves of n units equals
/// the standard error at n, as the factor (1/(n/2) − 1/n) · n is 1.
///
/// - Source: Politis, Romano and Wolf, "Subsampling", 1999, section 2.4; with halves it is the delete-half jackknife of
///   Shao and Wu, "A general theory for jackknife variance estimation", Annals of Statistics 1989.
public struct HalfSampling: Sendable, Hashable {
  /// The statistic of all units.
  public var estimate: Double
  /// Mean of the statistic over the halves, less the estimate: how strongly the statistic depends on the number of
  /// units.
  public var sizeEffect: Double
  /// Standard error of the estimate.
  public var standardError: Double
  /// Estimate ± normal quantile · standard error.
  public var interval: ConfidenceInterval

  /// Draws halves.
  ///
  /// - Parameters:
  ///   - units: Number of units, at least 4; of an odd number the smaller half is drawn and the spread rescaled.
  ///   - halves: Number of halves, at least 2.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  ///   - seed: Seed of the drawing, to be recorded.
  ///   - statistic: Computes the statistic of the units at these indices, ascending, without repetition.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(
    units: Int, halves: Int = 100, level: Double = 0.95, seed: UInt64 = 1, of statistic: ([Int]) -> Double
  ) throws(StatisticsError) {
    guard units >= 4, halves >= 2 else {
      throw StatisticsError(
        .tooFewValues, "half-sampling needs at least 4 units and 2 halves and was given \(units) and \(halves)")
    }
    try check(level: level, for: "half-sampling")
    var generator = ResamplingGenerator(seed: seed)
    let whole = statistic(Array(0..<units))
    let half = units / 2
    var order = Array(0..<units)
    var values: [Double] = []
    for _ in 0..<halves {
      for position in 0..<half { order.swapAt(position, position + generator.index(below: units - position)) }
      values.append(statistic(order[..<half].sorted()))
    }
    try check([whole] + values, atLeast: 1, for: "half-sampling's statistic")
    let centre = mean(of: values)
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let error = (squares / Double(halves - 1) * Double(half) / Double(units - half)).squareRoot()
    let reach = NormalDistribution.quantile(1 - (1 - level) / 2) * error
    estimate = whole
    sizeEffect = centre - whole
    standardError = error
    interval = ConfidenceInterval(lower: whole - reach, upper: whole + reach, level: level)
  }
}
