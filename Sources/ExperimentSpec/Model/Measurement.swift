public import JSON

/// How often something is measured and in which order the compared things take turns.
public struct Measurement: Sendable, Hashable {
  /// The order inside a repetition.
  public enum Order: String, Sendable, CaseIterable {
    /// Interleaved: A B B A, so that drift cancels.
    case abba
    /// Always the same.
    case fixed
  }

  /// Repetitions that are recorded but left out of statistics; 0 or more.
  public var warmup: Int
  /// Repetitions that count; 1 or more.
  public var repetitions: Int
  /// The order inside a repetition.
  public var order: Order

  /// Makes a measurement block.
  ///
  /// - Parameters:
  ///   - warmup: Repetitions that are left out of statistics; 0 or more.
  ///   - repetitions: Repetitions that count; 1 or more.
  ///   - order: The order inside a repetition.
  public init(warmup: Int, repetitions: Int, order: Order) {
    self.warmup = warmup
    self.repetitions = repetitions
    self.order = order
  }

  /// What holds for a spec that says nothing: 3 warm-up and 30 counted repetitions, interleaved.
  public static let standard = Measurement(warmup: 3, repetitions: 30, order: .abba)

  /// The form that workers get.
  public var json: JSONValue {
    [
      "warmup": .integer(Int64(warmup)), "repetitions": .integer(Int64(repetitions)), "order": .string(order.rawValue),
    ]
  }
}
