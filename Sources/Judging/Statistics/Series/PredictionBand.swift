/// Where the next value of a series is expected, judged by earlier values of which some may be outliers.
///
/// The centre is a median and the spread a scaled median absolute deviation, so that an odd night in the past neither moves the band nor
/// widens it. How far a new value may lie from the centre is not taken from the normal distribution's table, which supposes a known spread,
/// but from ``RobustPrediction``, which knows how uncertain both are.
///
///     let band = try PredictionBand(history: seconds.map { log($0) })
///     if band.pValue(of: log(tonight)) < 0.01 { print("unusual") }
public struct PredictionBand: Sendable, Hashable {
  /// The expected value, in the unit of the history.
  public var centre: Double
  /// Standard deviation of a single value, from the median absolute deviation; 0 if the history does not vary.
  public var spread: Double
  /// How many values the centre rests on, at least 1.
  public var centreCount: Int
  /// How many values the spread rests on.
  public var count: Int

  /// Learns from a series without changes of level.
  ///
  /// - Parameter history: At least ``RobustPrediction/leastCount`` finite values.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  public init(history: [Double]) throws(StatisticsError) {
    let middle = history.isEmpty ? 0 : median(of: history)
    try self.init(centre: middle, centreCount: history.count, residuals: history.map { $0 - middle })
  }

  /// Learns from the residuals of a series with changes of level.
  ///
  /// - Parameters:
  ///   - centre: The level of the latest values.
  ///   - centreCount: How many values it rests on, at least 1.
  ///   - residuals: At least ``RobustPrediction/leastCount`` finite distances of values from the level of their time.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  public init(centre: Double, centreCount: Int, residuals: [Double]) throws(StatisticsError) {
    try check(residuals, atLeast: RobustPrediction.leastCount, for: "a prediction band")
    self.centre = centre
    self.centreCount = max(1, centreCount)
    count = residuals.count
    spread = RobustPrediction.spread(ofResiduals: residuals)
  }

  /// Returns how rare a value so far from the centre is, if nothing has changed.
  ///
  /// - Parameter value: In the unit of the history.
  /// - Returns: The two-sided chance; not below one in ``RobustPrediction/draws``. 0 or 1 if the history does not vary.
  public func pValue(of value: Double) -> Double {
    let distance = abs(value - centre)
    guard spread > 0 else { return distance <= PredictionBand.rounding * max(abs(centre), 1e-300) ? 1 : 0 }
    return RobustPrediction.of(count: count).tail(distance / (spread * inflation))
  }

  /// Returns the range that a new value leaves with a given chance, if nothing has changed.
  ///
  /// - Parameter significance: The chance, in (0, 1).
  /// - Returns: The range around the centre; its level is 1 − `significance`.
  public func interval(significance: Double) -> ConfidenceInterval {
    let reach = spread > 0 ? RobustPrediction.of(count: count).limit(significance) * spread * inflation : 0
    return ConfidenceInterval(lower: centre - reach, upper: centre + reach, level: 1 - significance)
  }

  /// The last digits of a value that is computed anew each night may differ.
  private static let rounding = 1e-9

  /// A new value and the centre are both uncertain; the variance of a median of n normal values is π / (2 n).
  private var inflation: Double { (1 + Double.pi / 2 / Double(centreCount)).squareRoot() }
}
