/// How often compared things are measured, in which order, and when that is enough.
public struct MeasurementPlan: Sendable, Hashable {
  /// The order of the compared things inside a pair of rounds.
  public enum Order: String, Sendable, CaseIterable {
    /// Forth and back: A B, B A.
    case abba
    /// A random order and its reverse, drawn anew for each pair of rounds.
    case random
    /// Always A B, the order of the paper's Algorithm 4.
    case fixed
  }

  /// How many calls one sample spans.
  public enum InnerLoop: Sendable, Hashable {
    /// This many, at least 1.
    case calls(Int)
    /// 20 if the fastest warm-up call took less than 5 ms, otherwise 1.
    case automatic
  }

  /// When a measurement goes on after its planned repetitions.
  public struct Precision: Sendable, Hashable {
    /// Largest half-width of the interval of the ratio's logarithm: 0.02 is about ±2 %.
    public var halfWidth: Double
    /// Repetitions after which the measurement stops all the same.
    public var maximumRepetitions: Int

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - halfWidth: Largest half-width of the interval of the ratio's logarithm, above 0.
    ///   - maximumRepetitions: Repetitions after which the measurement stops all the same.
    public init(halfWidth: Double, maximumRepetitions: Int) {
      self.halfWidth = halfWidth
      self.maximumRepetitions = maximumRepetitions
    }
  }

  /// What is measured in place of the compared things, to learn what the machine can tell apart.
  public enum Control: Sendable, Hashable {
    /// The first thing against itself.
    case identity
    /// The first thing against itself made slower by this share, such as 0.05.
    case slowdown(Double)
  }

  /// Repetitions that are recorded and left out of statistics; 0 or more.
  public var warmup: Int
  /// Repetitions that count, at least 1; with a precision, the fewest.
  public var repetitions: Int
  /// The order of the compared things.
  public var order: Order
  /// Calls a sample.
  public var innerLoop: InnerLoop
  /// Goes on until the ratio is known this well.
  public var precision: Precision?
  /// Seconds after which no further pair of rounds begins.
  public var timeBudget: Double?
  /// Measures a control in place of the things themselves.
  public var control: Control?

  /// Creates a plan.
  ///
  /// - Parameters:
  ///   - warmup: Repetitions that are left out of statistics; 0 or more.
  ///   - repetitions: Repetitions that count; at least 1.
  ///   - order: The order of the compared things.
  ///   - innerLoop: Calls a sample.
  ///   - precision: Goes on until the ratio is known this well.
  ///   - timeBudget: Seconds after which no further pair of rounds begins.
  ///   - control: Measures a control in place of the things themselves.
  public init(
    warmup: Int = 3, repetitions: Int = 30, order: Order = .abba, innerLoop: InnerLoop = .calls(1),
    precision: Precision? = nil, timeBudget: Double? = nil, control: Control? = nil
  ) {
    self.warmup = warmup
    self.repetitions = repetitions
    self.order = order
    self.innerLoop = innerLoop
    self.precision = precision
    self.timeBudget = timeBudget
    self.control = control
  }
}
