import AttemptModel
import ExperimentSpec
import JSON
import JobGraph
import ResultsStore
import RunSession
import RunningFakes
import Scheduling
import TestSupport
import Testing
import WorkerProtocol

@Suite struct `Calibration rounds` {
  private static let spec = """
    "stages": { "make": { "task": "w/make" }, "time": { "task": "w/time", "lane": "timed", "needs": ["make"] },
      "canary": { "task": "w/time", "lane": "timed", "measurement": { "control": 0.5 } } }
    """

  /// Two things in turns, the second slower by what the measurement plants; the machine is a little noisy.
  private static func timed(_ attempt: AttemptRequest) -> AttemptOutcome {
    var noise = SeededGenerator(UInt64(attempt.place.id))
    let slowdown = attempt.job.measurement["control"]?.doubleValue ?? 0
    let samples = (0..<40).flatMap { round in
      ["time.a", "time.b"].enumerated().map { position, name in
        SampleResult(
          metric: name, unit: "s", repetition: round, block: round / 2, position: position,
          value: (name == "time.b" ? 1 + slowdown : 1) * (1 + Double(noise.below(1000)) * 1e-5))
      }
    }
    return AttemptOutcome(
      .succeeded, period: AttemptPeriod().ended(), measurements: TaskMeasurements(samples: samples))
  }

  private func calibrate(
    _ fixture: SessionFixture, _ store: ResultsStore, rounds: Int, stages: [String] = [],
    script: @escaping @Sendable (AttemptRequest) -> AttemptOutcome = Self.timed
  ) async throws -> CalibrationRounds.Outcome {
    let request = CalibrationRounds.Request(
      spec: fixture.spec, stages: stages, rounds: rounds, slowdown: 0.05, power: 0.8)
    let calibration = try CalibrationRounds(
      request, planner: fixture.planner(FakeExecutor(script: script)), display: fixture.display)
    return try await calibration.run(
      in: store, options: fixture.options(.failFast), toolVersion: "test",
      Interruption(signals: [], hangUps: []),
      whilePlanning: { _ in })
  }

  @Test func `measure both controls, and become sharper when they go on`() async throws {
    let fixture = try SessionFixture(Self.spec)
    let store = fixture.store
    guard case .learned(let first) = try await calibrate(fixture, store, rounds: 2) else {
      Issue.record("not learned")
      return
    }
    #expect(first.map(\.comparisons) == [2])
    #expect(
      first.first?.planted == 0.05 && first.first?.plantedComparisons == 2
        && first.first?.plantedFound == 2)
    #expect(first.first?.detectable.map { $0 > 0 && $0 < 0.05 } == true)
    #expect(first.first?.detectableRange == nil)
    #expect(try store.runs().map(\.experiment) == Array(repeating: "x-calibration", count: 4))
    // From the fifth comparison on, what is found has an interval.
    guard case .learned(let second) = try await calibrate(fixture, store, rounds: 3) else {
      Issue.record("not learned")
      return
    }
    #expect(second.map(\.comparisons) == [5] && second.first?.detectableRange != nil)
    #expect(try store.calibrations().map(\.comparisons) == [5])
    let rounds = fixture.display.events.compactMap { event -> Double?? in
      if case .round(_, _, let slowdown) = event { return .some(slowdown) }
      return nil
    }
    #expect(rounds.prefix(4) == [nil, 0.05, nil, 0.05])
  }

  @Test func `end with a run that fails`() async throws {
    let fixture = try SessionFixture(Self.spec)
    let store = fixture.store
    let outcome = try await calibrate(fixture, store, rounds: 3) { _ in
      AttemptOutcome(.failed, message: "no", period: .init())
    }
    guard case .broken(let ending) = outcome else {
      Issue.record("not broken")
      return
    }
    #expect(ending.end == .failed)
    #expect(try store.runs().count == 1 && store.calibrations().isEmpty)
  }

  @Test func `need timed stages that report pairs`() async throws {
    let fixture = try SessionFixture(Self.spec)
    let store = fixture.store
    await #expect(throws: SessionError.self) {
      try await calibrate(fixture, store, rounds: 1) { _ in
        AttemptOutcome(.succeeded, period: .init())
      }
    }
    await #expect(throws: SessionError.self) {
      try await calibrate(fixture, store, rounds: 1, stages: ["make"])
    }
    let untimed = try SessionFixture(#""stages": { "make": { "task": "w/make" } }"#)
    await #expect(throws: SessionError.self) { try await calibrate(untimed, store, rounds: 1) }
  }
}
