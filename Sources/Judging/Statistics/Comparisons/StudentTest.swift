/// Student's t test of a mean, of paired differences, or of two means with unequal variances; two-sided.
///
/// - Source: Student, "The probable error of a mean", Biometrika 1908; Welch, "The generalization of 'Student's'
///   problem when several different population variances are involved", Biometrika 1947; agrees with SciPy 1.17.1 to
///   1e-10.
public struct StudentTest: Sendable, Hashable {
  /// The mean, or the difference of the means, in the unit of the values.
  public var estimate: Double
  /// Standard error of the estimate.
  public var standardError: Double
  /// Degrees of freedom; Welch's are not whole.
  public var degreesOfFreedom: Double
  /// Distance of the estimate from the hypothesis in standard errors; infinite if the values do not vary.
  public var statistic: Double
  /// Chance of a statistic at least as far from 0 if the hypothesis holds.
  public var pValue: Double
  /// Interval of the estimate.
  public var interval: ConfidenceInterval

  /// Tests whether a mean has a stated value; for pairs give their differences.
  ///
  /// - Parameters:
  ///   - values: At least two finite values.
  ///   - hypothesis: The stated mean.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(of values: [Double], hypothesis: Double = 0, level: Double = 0.95) throws(StatisticsError) {
    try check(values, atLeast: 2, for: "a t test")
    let (mean, squaredError) = StudentTest.moments(values)
    try self.init(
      estimate: mean, hypothesis: hypothesis, standardError: squaredError.squareRoot(),
      degreesOfFreedom: Double(values.count - 1), level: level)
  }

  /// Tests whether two independent samples have the same mean, without supposing equal variances (Welch).
  ///
  /// - Parameters:
  ///   - first: At least two finite values.
  ///   - second: At least two finite values; the estimate is the first mean less the second.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  public init(first: [Double], second: [Double], level: Double = 0.95) throws(StatisticsError) {
    try check(first, atLeast: 2, for: "a Welch test")
    try check(second, atLeast: 2, for: "a Welch test")
    let (firstMean, a) = StudentTest.moments(first)
    let (secondMean, b) = StudentTest.moments(second)
    let weights = a * a / Double(first.count - 1) + b * b / Double(second.count - 1)
    try self.init(
      estimate: firstMean - secondMean, hypothesis: 0, standardError: (a + b).squareRoot(),
      degreesOfFreedom: weights > 0 ? (a + b) * (a + b) / weights : Double(first.count + second.count - 2), level: level
    )
  }

  private init(
    estimate: Double, hypothesis: Double, standardError: Double, degreesOfFreedom: Double, level: Double
  ) throws(StatisticsError) {
    try check(level: level, for: "a t test")
    let distance = estimate - hypothesis
    self.estimate = estimate
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    statistic = distance == 0 ? 0 : distance / standardError
    pValue = min(1, 2 * StudentDistribution.upperTail(abs(statistic), degreesOfFreedom: degreesOfFreedom))
    let reach = standardError * StudentDistribution.upperQuantile((1 - level) / 2, degreesOfFreedom: degreesOfFreedom)
    interval = ConfidenceInterval(lower: estimate - reach, upper: estimate + reach, level: level)
  }

  /// The mean and its squared standard error.
  private static func moments(_ values: [Double]) -> (mean: Double, squaredError: Double) {
    let centre = Statistics.mean(of: values)
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (centre, squares / Double(values.count - 1) / Double(values.count))
  }
}
