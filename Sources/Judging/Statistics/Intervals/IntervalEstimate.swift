/// An interval, or the reason why no honest one can be given.
public enum IntervalEstimate: Sendable, Hashable {
  /// How an interval was computed.
  public enum Method: String, Sendable, Hashable {
    /// Mean and Student's t distribution.
    case studentT = "Student's t"
    /// Bootstrap of the t statistic.
    case studentizedBootstrap = "studentized bootstrap"
    /// Order statistics around the median, interpolated.
    case orderStatistics = "order statistics"
    /// Averages of pairs of values.
    case hodgesLehmann = "Hodges-Lehmann"
  }

  /// An interval that keeps its level to within two percentage points on the data it was tried on.
  case interval(ConfidenceInterval, method: Method)
  /// No method keeps the level with so few values or such values; the reason is one sentence.
  case unreliable(reason: String)

  /// The interval, or `nil` if there is no reliable one.
  public var interval: ConfidenceInterval? {
    switch self {
    case .interval(let interval, _): interval
    case .unreliable: nil
    }
  }

  /// Why there is no interval, or `nil` if there is one.
  public var reason: String? {
    switch self {
    case .interval: nil
    case .unreliable(let reason): reason
    }
  }
}
