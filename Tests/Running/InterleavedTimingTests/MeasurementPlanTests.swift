import JSON
import Testing
import InterleavedTiming

@Suite struct MeasurementPlanTests {
  @Test func `an empty block has the defaults`() throws {
    #expect(try MeasurementPlan(JSONValue.null) == MeasurementPlan())
  }

  @Test func `every member is read`() throws {
    let plan = try MeasurementPlan([
      "maximumRepetitions": 200, "warmup": 5, "repetitions": 20, "order": "random", "innerLoop": "auto",
      "precision": 0.02, "timeBudget": 60, "control": 0.05,
    ])
    #expect(
      plan
        == MeasurementPlan(
          warmup: 5, repetitions: 20, order: .random, innerLoop: .automatic,
          precision: .init(halfWidth: 0.02, maximumRepetitions: 200), timeBudget: 60, control: .slowdown(0.05)))
  }

  @Test(
    arguments: [
      ("warmup", -1), ("repetitions", 0), ("order", "sorted"), ("innerLoop", 0), ("precision", 0), ("timeBudget", -1),
      ("control", "slower"), ("repetition", 3),
    ] as [(String, JSONValue)])
  func `a member that does not fit is named`(name: String, value: JSONValue) {
    let error = #expect(throws: MeasurementPlanError.self) { try MeasurementPlan(.object([(name, value)])) }
    #expect(error?.description.contains("'\(name)'") == true)
  }
}
