import Glibc

/// A stop rule for paired measurements: measure until the ratio is decided, looking after every pair.
///
/// The decision errs with a probability of at most 1 − level, however often one looks, because it rests on a
/// ``ConfidenceSequence`` of the logarithms of the ratios.
public struct SequentialComparison: Sendable, Hashable {
  /// What the pairs so far allow to say.
  public enum Decision: Sendable, Hashable {
    /// Measure another pair.
    case undecided
    /// The geometric mean of the ratios is above the threshold.
    case above
    /// The geometric mean of the ratios is below the threshold.
    case below
    /// The ratio differs from the threshold by less than the margin.
    case equivalent
    /// The greatest number of pairs is reached without a decision.
    case exhausted
  }

  /// The ratio compared with, above 0.
  public let threshold: Double
  /// Relative difference that counts as equal, 0 or above; 0 turns this outcome off.
  public let margin: Double
  /// Greatest number of pairs.
  public let maximumPairs: Int
  private var sequence: ConfidenceSequence

  /// Starts a comparison.
  ///
  /// - Parameters:
  ///   - threshold: The ratio to decide against, above 0.
  ///   - margin: Relative difference that counts as equal, 0 or above.
  ///   - level: Probability of never deciding wrongly, in (0, 1).
  ///   - maximumPairs: Number of pairs after which to give up, at least 2.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public init(
    threshold: Double = 1, margin: Double = 0, level: Double = 0.95, maximumPairs: Int = 100
  ) throws(StatisticsError) {
    guard threshold > 0, margin >= 0, maximumPairs >= 2 else {
      throw StatisticsError(
        .outOfRange,
        "a sequential comparison needs a threshold above 0, a margin not below 0 and at least 2 pairs, not \(threshold), "
          + "\(margin) and \(maximumPairs)")
    }
    self.threshold = threshold
    self.margin = margin
    self.maximumPairs = maximumPairs
    sequence = try ConfidenceSequence(level: level, tightestAt: max(2, maximumPairs / 3))
  }

  /// Number of pairs so far.
  public var count: Int { sequence.count }

  /// The interval of the geometric mean of the ratios; `nil` as long as it is unbounded.
  public var interval: ConfidenceInterval? {
    sequence.interval.map { ConfidenceInterval(lower: exp($0.lower), upper: exp($0.upper), level: $0.level) }
  }

  /// Adds a pair.
  ///
  /// - Parameters:
  ///   - numerator: A finite value above 0.
  ///   - denominator: A finite value above 0, in the same unit.
  /// - Returns: What the pairs so far allow to say; stop at anything but `.undecided`.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  public mutating func append(numerator: Double, denominator: Double) throws(StatisticsError) -> Decision {
    guard numerator > 0, denominator > 0, numerator.isFinite, denominator.isFinite else {
      throw StatisticsError(
        .outOfRange, "a sequential comparison needs finite values above 0, not \(numerator) and \(denominator)")
    }
    sequence.append(log(numerator / denominator))
    return decision
  }

  /// What the pairs so far allow to say.
  public var decision: Decision {
    if let interval {
      if interval.lower > threshold { return .above }
      if interval.upper < threshold { return .below }
      if interval.lower > threshold / (1 + margin), interval.upper < threshold * (1 + margin) { return .equivalent }
    }
    return count >= maximumPairs ? .exhausted : .undecided
  }
}
