/// How two quantities measured on the same units compare.
public struct PairedComparison: Sendable, Hashable {
  /// Number of pairs.
  public var count: Int
  /// Median of the ratios within pairs.
  public var medianRatio: Double
  /// Bootstrap interval of the median ratio; `nil` for one pair.
  public var interval: ConfidenceInterval?
  /// Ratio of the two means, as a table of means suggests it.
  public var ratioOfMeans: Double

  /// Compares values pair by pair.
  ///
  /// - Parameters:
  ///   - numerators: At least one finite value.
  ///   - denominators: As many positive values, in the same unit and order.
  ///   - bootstrap: How the interval is computed; whole pairs are resampled.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths` or `.outOfRange`.
  public init(
    numerators: [Double], denominators: [Double], bootstrap: Bootstrap = Bootstrap()
  ) throws(StatisticsError) {
    try check(numerators, atLeast: 1, for: "a paired ratio")
    try check(denominators, atLeast: 1, for: "a paired ratio")
    guard numerators.count == denominators.count else {
      throw StatisticsError(
        .unequalLengths,
        "a paired ratio needs as many denominators as numerators and has \(denominators.count) for \(numerators.count)")
    }
    guard denominators.allSatisfy({ $0 > 0 }) else {
      throw StatisticsError(.outOfRange, "a paired ratio needs denominators above 0")
    }
    let ratios = zip(numerators, denominators).map { $0 / $1 }
    count = ratios.count
    medianRatio = median(of: ratios)
    ratioOfMeans = mean(of: numerators) / mean(of: denominators)
    if ratios.count > 1 {
      interval = try bootstrap.interval(of: .median, from: ratios)
    }
  }
}
