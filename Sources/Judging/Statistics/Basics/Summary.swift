/// The usual description of a sample.
///
/// - Source: agrees with `numpy.std`, `numpy.quantile` and `scipy.stats.median_abs_deviation` to 1e-9.
public struct Summary: Sendable, Hashable {
  /// Number of values, at least 1.
  public var count: Int
  /// Arithmetic mean.
  public var mean: Double
  /// Standard deviation with n − 1 in the denominator (ddof 1); `nil` for one value.
  public var standardDeviation: Double?
  /// Median.
  public var median: Double
  /// Median of the absolute deviations from the median, not scaled to a normal distribution.
  public var medianAbsoluteDeviation: Double
  /// The values in ascending order.
  public var sorted: [Double]

  /// Describes values.
  ///
  /// - Parameter values: At least one value, all finite.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  /// - Complexity: O(n log n).
  public init(of values: [Double]) throws(StatisticsError) {
    try check(values, atLeast: 1, for: "a summary")
    let centre = Statistics.mean(of: values)
    count = values.count
    mean = centre
    if values.count > 1 {
      let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
      standardDeviation = (squares / Double(values.count - 1)).squareRoot()
    }
    let ordered = values.sorted()
    let centreOfRanks = middle(ofSorted: ordered)
    median = centreOfRanks
    medianAbsoluteDeviation = Statistics.median(of: ordered.map { abs($0 - centreOfRanks) })
    sorted = ordered
  }

  /// Least value.
  public var minimum: Double { sorted[0] }
  /// Greatest value.
  public var maximum: Double { sorted[sorted.count - 1] }
  /// Standard deviation with n in the denominator (ddof 0), as NumPy prints it by default; 0 for one value.
  public var populationStandardDeviation: Double {
    (standardDeviation ?? 0) * (Double(count - 1) / Double(count)).squareRoot()
  }

  /// Returns a quantile of the values.
  ///
  /// - Parameter probability: In [0, 1].
  /// - Returns: The type 7 quantile, see ``quantile(ofSorted:at:)``.
  public func quantile(_ probability: Double) -> Double {
    Statistics.quantile(ofSorted: sorted, at: probability)
  }
}
