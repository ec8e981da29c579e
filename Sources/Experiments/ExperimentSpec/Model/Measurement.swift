public import AttemptModel
public import JSON

/// How often something is measured, in which order the compared things take turns, and when that is enough.
public struct Measurement: Sendable, Hashable {
  /// The order inside a repetition.
  public enum Order: String, Sendable, CaseIterable {
    /// Interleaved: A B B A, so that drift cancels.
    case abba
    /// A random order and its reverse, drawn anew for each pair of repetitions.
    case random
    /// Always the same.
    case fixed
  }

  /// How many calls one sample spans.
  public enum InnerLoop: Sendable, Hashable {
    /// This many; 1 or more.
    case calls(Int)
    /// As many as short calls need; the worker decides.
    case automatic

    /// How many calls there may be.
    static let range = 1...1_000_000
  }

  /// What is measured in place of the compared things, to learn what the machine can tell apart.
  public enum Control: Sendable, Hashable {
    /// The first thing against itself.
    case identity
    /// The first thing against itself made slower by this share, such as 0.05; above 0.
    case slowdown(Double)
  }

  /// Repetitions that are recorded but left out of statistics; 0 or more.
  public var warmup: Int
  /// Repetitions that count; 1 or more, with a precision the fewest.
  public var repetitions: Int
  /// The order inside a repetition.
  public var order: Order
  /// Calls a sample; one if absent.
  public var innerLoop: InnerLoop?
  /// Goes on until the interval of the ratio's logarithm has this half-width; above 0.
  public var precision: Double?
  /// Repetitions after which a measurement with a precision stops all the same; not below `repetitions`.
  public var maximumRepetitions: Int?
  /// Seconds after which no further pair of repetitions begins; above 0.
  public var timeBudgetSeconds: Double?
  /// Measures a control in place of the things themselves.
  public var control: Control?
  /// When the machine is quiet enough; the scheduler's standard if absent.
  public var quiet: QuietRule?

  /// Makes a measurement block.
  ///
  /// - Parameters:
  ///   - warmup: Repetitions that are left out of statistics; 0 or more.
  ///   - repetitions: Repetitions that count; 1 or more.
  ///   - order: The order inside a repetition.
  ///   - innerLoop: Calls a sample.
  ///   - precision: Half-width of the interval of the ratio's logarithm at which it is enough.
  ///   - maximumRepetitions: Repetitions after which a measurement with a precision stops all the same.
  ///   - timeBudgetSeconds: Seconds after which no further pair of repetitions begins.
  ///   - control: What is measured in place of the things themselves.
  ///   - quiet: When the machine is quiet enough.
  public init(
    warmup: Int, repetitions: Int, order: Order, innerLoop: InnerLoop? = nil, precision: Double? = nil,
    maximumRepetitions: Int? = nil, timeBudgetSeconds: Double? = nil, control: Control? = nil,
    quiet: QuietRule? = nil
  ) {
    self.warmup = warmup
    self.repetitions = repetitions
    self.order = order
    self.innerLoop = innerLoop
    self.precision = precision
    self.maximumRepetitions = maximumRepetitions
    self.timeBudgetSeconds = timeBudgetSeconds
    self.control = control
    self.quiet = quiet
  }

  /// What holds for a spec that says nothing: 3 warm-up and 30 counted repetitions, interleaved.
  public static let standard = Measurement(warmup: 3, repetitions: 30, order: .abba)

  /// The form that workers get; what is absent is left out, so that fingerprints do not depend on what a spec does not use.
  ///
  /// Workers need not know when the machine is quiet, and what they measure is the same quantity whenever they do.
  public var json: JSONValue {
    var value: JSONValue = [
      "warmup": .integer(Int64(warmup)), "repetitions": .integer(Int64(repetitions)), "order": .string(order.rawValue),
    ]
    switch innerLoop {
    case .calls(let calls): value["innerLoop"] = .integer(Int64(calls))
    case .automatic: value["innerLoop"] = "auto"
    case nil: break
    }
    value["precision"] = precision.map { .real($0) }
    value["maximumRepetitions"] = maximumRepetitions.map { .integer(Int64($0)) }
    value["timeBudget"] = timeBudgetSeconds.map { .real($0) }
    switch control {
    case .identity: value["control"] = "identity"
    case .slowdown(let share): value["control"] = .real(share)
    case nil: break
    }
    return value
  }
}
