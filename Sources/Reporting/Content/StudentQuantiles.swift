import Statistics
import Synchronization

/// Quantiles of Student's t distribution that have been asked for before.
///
/// A report prints thousands of intervals from few different numbers of values, and each quantile is found by bisection.
enum StudentQuantiles {
  private struct Key: Hashable {
    var tail: Double
    var freedom: Int
  }

  private static let known = Mutex<[Key: Double]>([:])

  /// Returns the interval of a mean, as `Statistics.meanInterval` does; `nil` for fewer than two values or if any is not finite.
  static func meanInterval(of values: [Double], level: Double = 0.95) -> ConfidenceInterval? {
    guard values.count > 1, let summary = try? Summary(of: values) else { return nil }
    let error = (summary.standardDeviation ?? 0) / Double(values.count).squareRoot()
    let reach = upper((1 - level) / 2, freedom: values.count - 1) * error
    return ConfidenceInterval(lower: summary.mean - reach, upper: summary.mean + reach, level: level)
  }

  private static func upper(_ tail: Double, freedom: Int) -> Double {
    let key = Key(tail: tail, freedom: freedom)
    if let value = known.withLock({ $0[key] }) { return value }
    let value = StudentDistribution.upperQuantile(tail, degreesOfFreedom: Double(freedom))
    known.withLock { $0[key] = value }
    return value
  }
}
