/// Times several things in turns on the monotonic clock.
public struct InterleavedTiming {
  /// One timed thing.
  public struct Variant {
    /// The name of its samples.
    public let metric: String
    /// What is timed.
    public let body: () throws -> Void

    /// Creates a variant.
    ///
    /// - Parameters:
    ///   - metric: The name of its samples, such as "time.student".
    ///   - body: What is timed.
    public init(_ metric: String, body: @escaping () throws -> Void) {
      self.metric = metric
      self.body = body
    }
  }

  /// One measured time.
  public struct Sample: Sendable, Hashable {
    /// Whose.
    public let metric: String
    /// When.
    public let turn: Interleaving.Turn
    /// Seconds a call.
    public let seconds: Double
  }

  /// All samples of a measurement.
  public struct Result: Sendable, Hashable {
    /// The times in the order in which they were taken.
    public let samples: [Sample]
    /// Calls that each sample spans.
    public let calls: Int
    /// Half-width of the interval of the ratio's logarithm where the plan asks for a precision.
    public let halfWidth: Double?
  }

  private let plan: MeasurementPlan
  private let seed: UInt64

  /// Creates a measurement.
  ///
  /// - Parameters:
  ///   - plan: Repetitions, order, inner loop, control.
  ///   - seed: Seed of random orders.
  public init(_ plan: MeasurementPlan, seed: UInt64) {
    self.plan = plan
    self.seed = seed
  }

  /// Measures.
  ///
  /// - Parameter variants: What is compared; ratios are of the second to the first.
  /// - Returns: All samples.
  /// - Throws: What a variant throws; the measurement ends there.
  public func measure(_ variants: [Variant]) throws -> Result {
    let clock = ContinuousClock()
    let calls = try calls(for: variants, clock)
    var interleaving = Interleaving(variants: variants.count, plan: plan, seed: seed)
    var samples: [Sample] = []
    while let turn = interleaving.next() {
      let body = plan.control == nil ? variants[turn.variant].body : variants[0].body
      let start = clock.now
      for _ in 0..<calls { try body() }
      if turn.variant > 0, case .slowdown(let share)? = plan.control {
        let end = start + (clock.now - start) * (1 + share)
        while clock.now < end {}
      }
      let spent = (clock.now - start) / .seconds(1)
      let seconds = spent / Double(calls)
      samples.append(Sample(metric: variants[turn.variant].metric, turn: turn, seconds: seconds))
      interleaving.record(seconds, spent: spent)
    }
    return Result(samples: samples, calls: calls, halfWidth: interleaving.halfWidth)
  }

  private func calls(for variants: [Variant], _ clock: ContinuousClock) throws -> Int {
    switch plan.innerLoop {
    case .calls(let count): return count
    case .automatic:
      let fastest = try variants.map { variant in
        try variant.body()
        return try clock.measure(variant.body)
      }.min()
      return fastest ?? .zero < .milliseconds(5) ? 20 : 1
    }
  }
}
