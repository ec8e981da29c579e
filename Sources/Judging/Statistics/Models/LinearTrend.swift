/// A straight line fitted by least squares.
///
/// - Source: Draper and Smith, "Applied Regression Analysis", 1998, chapter 1; agrees with `scipy.stats.linregress`
///   1.17.1 to 1e-10.
public struct LinearTrend: Sendable, Hashable {
  /// Number of points.
  public var count: Int
  /// Change of y for one unit of x.
  public var slope: Double
  /// y at x = 0.
  public var intercept: Double
  /// Standard error of the slope.
  public var slopeError: Double
  /// Interval of the slope from Student's t distribution with n − 2 degrees of freedom.
  public var slopeInterval: ConfidenceInterval
  /// Share of the variation of y that the line explains, in [0, 1]; 1 if y does not vary.
  public var determination: Double

  /// Fits a line.
  ///
  /// - Parameters:
  ///   - x: At least three finite values, not all equal.
  ///   - y: As many finite values.
  ///   - level: Nominal coverage of the slope's interval, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths`, `.noSpread` or
  ///   `.outOfRange`.
  public init(x: [Double], y: [Double], level: Double = 0.95) throws(StatisticsError) {
    try check(x, atLeast: 3, for: "a fitted line")
    try check(y, atLeast: 3, for: "a fitted line")
    try check(level: level, for: "a fitted line")
    guard x.count == y.count else {
      throw StatisticsError(.unequalLengths, "a fitted line needs as many y as x and has \(y.count) for \(x.count)")
    }
    let centreX = mean(of: x)
    let centreY = mean(of: y)
    let squaresX = x.reduce(0) { $0 + ($1 - centreX) * ($1 - centreX) }
    let squaresY = y.reduce(0) { $0 + ($1 - centreY) * ($1 - centreY) }
    let slope = try LinearTrend.slope(x: x, y: y)
    let intercept = centreY - slope * centreX
    let residuals = zip(x, y).reduce(0) { sum, point in
      let residual = (point.1 - centreY) - slope * (point.0 - centreX)
      return sum + residual * residual
    }
    let freedom = Double(x.count - 2)
    let error = (residuals / freedom / squaresX).squareRoot()
    let reach = StudentDistribution.upperQuantile((1 - level) / 2, degreesOfFreedom: freedom) * error
    count = x.count
    self.slope = slope
    self.intercept = intercept
    slopeError = error
    slopeInterval = ConfidenceInterval(lower: slope - reach, upper: slope + reach, level: level)
    determination = squaresY > 0 ? 1 - residuals / squaresY : 1
  }

  /// Returns the slope alone, which two points have already.
  ///
  /// - Parameters:
  ///   - x: At least two finite values, not all equal.
  ///   - y: As many finite values.
  /// - Returns: Change of y for one unit of x.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths` or `.noSpread`.
  public static func slope(x: [Double], y: [Double]) throws(StatisticsError) -> Double {
    try check(x, and: y, atLeast: 2, for: "a slope")
    let centreX = mean(of: x)
    let centreY = mean(of: y)
    let squares = x.reduce(0) { $0 + ($1 - centreX) * ($1 - centreX) }
    guard squares > 0 else { throw StatisticsError(.noSpread, "a slope needs values of x that differ") }
    return zip(x, y).reduce(0) { $0 + ($1.0 - centreX) * ($1.1 - centreY) } / squares
  }
}
