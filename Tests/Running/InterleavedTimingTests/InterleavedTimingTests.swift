import Testing
import InterleavedTiming

@Suite struct InterleavedTimingTests {
  /// Counts calls of a body.
  private final class Counter {
    var count = 0
  }

  @Test func `every round calls every variant as often as the inner loop says`() throws {
    let (first, second) = (Counter(), Counter())
    let plan = MeasurementPlan(warmup: 1, repetitions: 4, innerLoop: .calls(3))
    let result = try InterleavedTiming(plan, seed: 1).measure([
      .init("first") { first.count += 1 }, .init("second") { second.count += 1 },
    ])
    #expect(first.count == 15)
    #expect(second.count == 15)
    #expect(result.calls == 3)
    #expect(result.samples.count == 10)
    #expect(result.samples.filter { $0.turn.isWarmup }.count == 2)
    #expect(result.samples.allSatisfy { $0.seconds >= 0 })
  }

  @Test func `what takes its own time is believed, and slowed down by its share`() throws {
    let plan = MeasurementPlan(warmup: 0, repetitions: 2, innerLoop: .calls(3), control: .slowdown(0.5))
    let result = try InterleavedTiming(plan, seed: 1).measure([
      .selfTimed("a") { .milliseconds(10) }, .selfTimed("b") { .seconds(1000) },
    ])
    let (own, slowed) = (result.samples.filter { $0.metric == "a" }, result.samples.filter { $0.metric == "b" })
    #expect(own.allSatisfy { $0.seconds == 0.01 } && own.count == 2)
    #expect(slowed.allSatisfy { $0.seconds >= 0.015 } && slowed.count == 2)
  }

  @Test func `calls that are too short for the clock are looped`() throws {
    let result = try InterleavedTiming(MeasurementPlan(repetitions: 1, innerLoop: .automatic), seed: 1).measure([
      .init("empty") {}
    ])
    #expect(result.calls == 20)
  }

  @Test func `an identity control measures the first variant under both names`() throws {
    let (first, second) = (Counter(), Counter())
    let plan = MeasurementPlan(warmup: 0, repetitions: 4, control: .identity)
    let result = try InterleavedTiming(plan, seed: 1).measure([
      .init("first") { first.count += 1 }, .init("second") { second.count += 1 },
    ])
    #expect(first.count == 8)
    #expect(second.count == 0)
    #expect(Set(result.samples.map(\.metric)) == ["first", "second"])
  }

  @Test func `a measurement can be given up between two turns`() {
    struct Failure: Error {}
    let (turns, calls) = (Counter(), Counter())
    #expect(throws: Failure.self) {
      try InterleavedTiming(MeasurementPlan(warmup: 0, repetitions: 4), seed: 1).measure([
        .init("first") { calls.count += 1 }, .init("second") { calls.count += 1 },
      ]) {
        turns.count += 1
        if turns.count == 3 { throw Failure() }
      }
    }
    #expect(calls.count == 2)
  }

  @Test func `a variant that fails ends the measurement`() {
    struct Failure: Error {}
    let (first, second) = (Counter(), Counter())
    #expect(throws: Failure.self) {
      try InterleavedTiming(MeasurementPlan(warmup: 0, repetitions: 4, order: .fixed), seed: 1).measure([
        .init("first") { first.count += 1 },
        .init("second") {
          second.count += 1
          if second.count == 2 { throw Failure() }
        },
      ])
    }
    #expect(first.count == 2 && second.count == 2)
  }
}
