/// When a test holds.
package enum ClaimRule: Sendable, Equatable {
  /// What a rule may be called in a spec.
  package enum Kind: String, Sendable, CaseIterable {
    case equal, between, greater, less, trend, constant, saturatesAt, identical

    /// Whether the rule speaks of a course over an axis.
    package var needsAxis: Bool { [.trend, .constant, .saturatesAt].contains(self) }

    /// The members that go with the rule, besides the one that is called like it.
    var companions: [String] {
      switch self {
      case .equal: ["margin"]
      case .saturatesAt: ["from", "share", "better"]
      case .between, .greater, .less, .trend, .constant, .identical: []
      }
    }
  }

  /// Directions of a course.
  package enum Trend: String, Sendable, CaseIterable { case increasing, decreasing }

  /// Within a margin of a value, by two one-sided tests.
  case equal(Double, margin: Double)
  /// Between two bounds, by two one-sided tests.
  case between(Double, Double)
  /// Above a bound.
  case greater(Double)
  /// Below a bound.
  case less(Double)
  /// The least-squares slope over the axis, within each unit, is positive.
  case increasing
  /// The least-squares slope over the axis, within each unit, is negative.
  case decreasing
  /// All values of the axis agree within a margin, each pair by two one-sided tests.
  case constant(margin: Double)
  /// The step from one value of the axis to another improves, and what the last value adds is a small share of that.
  case saturates(at: Double, from: Double, share: Double, lessIsBetter: Bool)
  /// All units give the same value up to rounding; a single other value refutes.
  case identical(within: Double)
}
