import Digest
import ExperimentSpec
import Foundation
import JobGraph
import ResultsStore
import RunSession
import RunningFakes
import Scheduling
import TestSupport
import Testing

@Suite struct `A stored plan` {
  private func fixture() throws -> SessionFixture {
    let fixture = try SessionFixture(
      #""stages": { "make": { "task": "w/make", "inputs": { "data": "data.txt" } } }"#)
    try fixture.folder.write("1", to: "data.txt")
    return fixture
  }

  @Test func `is run again whatever has become of the spec`() async throws {
    let fixture = try fixture()
    let store = fixture.store
    let ending = try await fixture.run(in: store)
    try fixture.folder.write("{}", to: "spec.json")
    let plan = try StoredPlans(store).plan(String(ending.plan.hex.prefix(8)))
    #expect(plan.hash == ending.plan)
    #expect(try await fixture.run(plan: plan, in: store).result.states == [.reused])
    #expect(try StoredPlans(store).latest(of: "x").hash == ending.plan)
  }

  @Test func `is refused once a program, a task or a file has changed`() async throws {
    let fixture = try fixture()
    let store = fixture.store
    let hash = try await fixture.run(in: store).plan
    let plan = try StoredPlans(store).plan(hash.hex)
    try fixture.folder.write("echo other\n", to: "worker")
    try fixture.folder.write("2", to: "data.txt")
    let executor = FakeExecutor()
    let error = await #expect(throws: SessionError.self) {
      try await fixture.run(executor, plan: plan, version: "2", in: store)
    }
    guard case .stalePlan(let stale, let experiment, let findings)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(stale == hash && experiment == "x")
    #expect(
      findings == [
        "task 'make' of worker 'w' has another version now, 2",
        "'data.txt' has another content now",
        "'worker' is not what it was",
      ])
    #expect(executor.started.isEmpty && executor.isShutDown)
    #expect(try store.runs().count == 1)
  }

  @Test func `has to be named without doubt`() async throws {
    let fixture = try fixture()
    let store = fixture.store
    let plans = StoredPlans(store)
    #expect(throws: SessionError.self) { try plans.latest(of: "x") }
    let hash = try await fixture.run(in: store).plan.hex
    for prefix in [
      "", "12345", String(hash.prefix(5)), "ffffffffff", hash + "0", "\(hash.prefix(6))g",
    ] {
      let error = #expect(throws: SessionError.self, "\(prefix)") { try plans.plan(prefix) }
      #expect(error.map { "\($0)" }?.contains("there is no plan '\(prefix)'") == true)
    }
    #expect(try plans.plan(hash.uppercased()).hash.hex == hash)
    #expect(
      StoredPlans.isHashPrefix("abcdef") && !StoredPlans.isHashPrefix("abcde")
        && !StoredPlans.isHashPrefix("abcdeg"))
  }
}

@Suite struct `A planner` {
  @Test func `shows remarks, and throws with all mistakes`() async throws {
    let fixture = try SessionFixture(
      #""stages": { "make": { "task": "w/mak" }, "use": { "task": "v/use" } }"#)
    let error = await #expect(throws: SessionError.self) {
      try await fixture.planner().prepare(fixture.spec)
    }
    guard case .mistakes(let diagnostics)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(diagnostics.contains { $0.severity == .error })
    #expect(fixture.display.events.isEmpty)
    #expect(error.map { "\($0)" }?.contains("spec.json:1:") == true)
  }
}

@Suite struct `A sentence` {
  @Test(arguments: [
    (
      SessionError.unknownPlan(prefix: "1f"),
      "there is no plan '1f' in the results; 'orchestrate show RUN' prints the hash of a run's plan"
    ),
    (
      .ambiguousPlan(prefix: "1f3a99", count: 2),
      "'1f3a99' is the beginning of 2 plans; give more digits"
    ),
    (.missingPlan(hash: "1f"), "plan 1f is not in the results"),
    (
      .neverRun(experiment: "x"),
      "no run of 'x' is in the results, so there is no plan to compare with"
    ),
    (
      .nothingTimed(spec: "s.json"),
      "s.json has no timed stage, so there is nothing to calibrate; add \"lane\": \"timed\" to a stage"
    ),
    (
      .unknownTimedStage(name: "a", spec: "s.json", known: ["b", "c"]),
      "s.json has no timed stage 'a'; it has b, c"
    ),
    (
      .unpairedTimings(stages: ["a", "b"]),
      "a, b reported no paired timings: samples of two metrics or more with 'position' and 'block', see Docs/WorkerProtocol.md"
    ),
    (
      .stalePlan(hash: SHA256Digest(of: ""), experiment: "x", findings: ["'a' is gone"]),
      """
      plan e3b0c44298fc of x cannot be run as it was frozen:
        'a' is gone
      put these back, or plan the spec anew with 'orchestrate run SPEC'
      """
    ),
  ])
  func `names the thing and the cure`(error: SessionError, sentence: String) {
    #expect("\(error)" == sentence)
  }
}
