/// Times several things in turns on the monotonic clock.
public struct InterleavedTiming {
  /// One timed thing.
  public struct Variant {
    /// The name of its samples.
    public let metric: String
    private let timed: (_ calls: Int) throws -> Duration

    /// Creates a variant.
    ///
    /// - Parameters:
    ///   - metric: The name of its samples, such as "time.student".
    ///   - body: What is timed.
    public init(_ metric: String, body: @escaping () throws -> Void) {
      self.metric = metric
      timed = { calls in try ContinuousClock().measure { for _ in 0..<calls { try body() } } }
    }

    /// Creates a variant that takes its own time.
    ///
    /// - Parameters:
    ///   - metric: The name of its samples, such as "time.student".
    ///   - call: Makes one call and returns how long it took.
    /// - Returns: The variant.
    public static func selfTimed(_ metric: String, call: @escaping () throws -> Duration) -> Variant {
      Variant(metric: metric) { calls in try (0..<calls).reduce(.zero) { sum, _ in try sum + call() } }
    }

    private init(metric: String, timed: @escaping (_ calls: Int) throws -> Duration) {
      self.metric = metric
      self.timed = timed
    }

    /// Makes the calls of a sample and returns how long they took together.
    fileprivate func time(calls: Int) throws -> Duration { try timed(calls) }
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
  /// - Parameters:
  ///   - variants: What is compared; ratios are of the second to the first.
  ///   - betweenTurns: Called before each turn, outside of what is timed.
  /// - Returns: All samples.
  /// - Throws: What a variant or `betweenTurns` throws; the measurement ends there.
  public func measure(_ variants: [Variant], betweenTurns: () throws -> Void = {}) throws -> Result {
    let clock = ContinuousClock()
    let calls = try calls(for: variants)
    var interleaving = Interleaving(variants: variants.count, plan: plan, seed: seed)
    var samples: [Sample] = []
    while let turn = interleaving.next() {
      try betweenTurns()
      let measured = plan.control == nil ? variants[turn.variant] : variants[0]
      var duration = try measured.time(calls: calls)
      if turn.variant > 0, case .slowdown(let share)? = plan.control {
        let start = clock.now
        let end = start + duration * share
        while clock.now < end {}
        duration += clock.now - start
      }
      let spent = duration / .seconds(1)
      let seconds = spent / Double(calls)
      samples.append(Sample(metric: variants[turn.variant].metric, turn: turn, seconds: seconds))
      interleaving.record(seconds, spent: spent)
    }
    return Result(samples: samples, calls: calls, halfWidth: interleaving.halfWidth)
  }

  private func calls(for variants: [Variant]) throws -> Int {
    switch plan.innerLoop {
    case .calls(let count): return count
    case .automatic:
      let fastest = try variants.map { variant in
        _ = try variant.time(calls: 1)
        return try variant.time(calls: 1)
      }.min()
      return fastest ?? .zero < .milliseconds(5) ? 20 : 1
    }
  }
}
