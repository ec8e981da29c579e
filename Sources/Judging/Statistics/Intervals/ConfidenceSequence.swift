import Glibc

/// An interval of a mean that stays valid when one looks after every value and stops whenever one likes.
///
///     var sequence = try ConfidenceSequence()
///     repeat { sequence.append(log(measureA() / measureB())) } while sequence.interval?.contains(0) ?? true
///
/// With the stated probability the true mean lies in the intervals of *all* counts at once: exactly for normal values,
/// nearly so for others (see Docs/Statistics.md). The price is an interval some 60 % wider than one whose count was fixed
/// in advance.
///
/// - Source: the Bayes factor of a t test with a normal prior of the effect (Gönen et al., "The Bayesian two-sample t
///   test", American Statistician 2005) is a martingale if the mean is right whatever the variance, so by Ville's
///   inequality it rarely exceeds 1 / (1 − level): Wang and Ramdas, "Anytime-valid t-tests and confidence sequences for
///   Gaussian means with unknown variance", Sequential Analysis 2025.
public struct ConfidenceSequence: Sendable, Hashable {
  /// Probability that the true mean is in all intervals, in (0, 1).
  public let level: Double
  /// Prior variance of the mean in units of the values' variance; decides at which count the interval is tightest.
  public let priorVariance: Double
  /// Number of values so far.
  public private(set) var count = 0
  /// Mean of the values so far, 0 before the first.
  public private(set) var mean = 0.0
  private var squares = 0.0

  /// Starts a sequence.
  ///
  /// - Parameters:
  ///   - level: Probability that the true mean is in all intervals, in (0, 1).
  ///   - tightestAt: About the number of values after which a decision is expected, at least 2; must not depend on the
  ///     values.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public init(level: Double = 0.95, tightestAt: Int = 30) throws(StatisticsError) {
    try check(level: level, for: "a confidence sequence")
    guard tightestAt >= 2 else {
      throw StatisticsError(
        .outOfRange, "a confidence sequence must be tightest at 2 values or more, not at \(tightestAt)")
    }
    let doubt = -2 * log(1 - level)
    self.init(level: level, priorVariance: (doubt + log1p(doubt)) / Double(tightestAt))
  }

  package init(level: Double, priorVariance: Double) {
    self.level = level
    self.priorVariance = priorVariance
  }

  /// Adds a value.
  ///
  /// - Parameter value: A finite value; others make every later interval unbounded.
  public mutating func append(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// The present interval; `nil` as long as there are too few values for a bounded one.
  public var interval: ConfidenceInterval? {
    guard count >= 2, squares.isFinite else { return nil }
    let n = Double(count)
    let growth = 1 + n * priorVariance
    let limit = exp((log(growth) - 2 * log(1 - level)) / n)
    guard limit < growth else { return nil }
    let squaredReach = squares / n * (limit - 1) / (1 - limit / growth)
    let reach = squaredReach.squareRoot()
    return ConfidenceInterval(lower: mean - reach, upper: mean + reach, level: level)
  }
}
