/// A range that covers the true value with a stated probability.
public struct ConfidenceInterval: Sendable, Hashable {
  /// Lower bound.
  public var lower: Double
  /// Upper bound.
  public var upper: Double
  /// Nominal coverage, in (0, 1).
  public var level: Double

  /// Creates an interval.
  ///
  /// - Parameters:
  ///   - lower: Lower bound.
  ///   - upper: Upper bound, not below `lower`.
  ///   - level: Nominal coverage, in (0, 1).
  public init(lower: Double, upper: Double, level: Double) {
    self.lower = lower
    self.upper = upper
    self.level = level
  }

  /// Returns whether a value lies in the interval, bounds included.
  ///
  /// - Parameter value: A value in the unit of the bounds.
  /// - Returns: Whether it lies inside.
  public func contains(_ value: Double) -> Bool {
    lower <= value && value <= upper
  }

  /// Returns the interval of the values multiplied by a constant.
  ///
  /// - Parameter factor: Any finite number; a negative one swaps the bounds.
  /// - Returns: The scaled interval.
  public func scaled(by factor: Double) -> ConfidenceInterval {
    let bounds = [lower * factor, upper * factor]
    return ConfidenceInterval(lower: min(bounds[0], bounds[1]), upper: max(bounds[0], bounds[1]), level: level)
  }
}

/// Returns the interval of a mean from Student's t distribution.
///
/// Supposes independent values from a roughly normal distribution; repetitions inside one process are not independent.
///
/// - Parameters:
///   - values: At least two finite values.
///   - level: Nominal coverage, in (0, 1).
/// - Returns: Mean ± t · sd / √n.
/// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
/// - Source: Student, "The probable error of a mean", Biometrika 1908; agrees with SciPy 1.17.1 to 1e-10.
public func meanInterval(of values: [Double], level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
  try check(values, atLeast: 2, for: "the interval of a mean")
  try check(level: level, for: "the interval of a mean")
  let centre = mean(of: values)
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  let error = (squares / Double(values.count - 1)).squareRoot() / Double(values.count).squareRoot()
  let t = StudentDistribution.upperQuantile((1 - level) / 2, degreesOfFreedom: Double(values.count - 1))
  return ConfidenceInterval(lower: centre - t * error, upper: centre + t * error, level: level)
}
