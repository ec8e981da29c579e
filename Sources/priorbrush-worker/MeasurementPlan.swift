import JSON

/// The order in which two compared things are measured.
struct MeasurementPlan {
  /// One pair of measurements.
  struct Slot {
    let repetition: Int
    let isWarmup: Bool
    /// Two pairs of opposite order form a block.
    let block: Int
    /// Whether the first of the two comes first.
    let startsWithFirst: Bool
  }

  let slots: [Slot]

  private enum Order: String, CaseIterable {
    case abba, fixed
  }

  /// Reads a measurement block: `warmup`, `repetitions`, `order`.
  init(_ json: JSONValue) throws {
    var reader = ParameterReader(json)
    let warmup = try reader.integer("warmup", default: 3, in: 0...10_000)
    let repetitions = try reader.integer("repetitions", default: 30, in: 1...1_000_000)
    let order: Order = try reader.choice("order", default: .abba)
    try reader.finish()
    slots = (0..<warmup + repetitions).map { index in
      Slot(
        repetition: index, isWarmup: index < warmup, block: index / 2,
        startsWithFirst: order == .fixed || index % 2 == 0)
    }
  }
}
