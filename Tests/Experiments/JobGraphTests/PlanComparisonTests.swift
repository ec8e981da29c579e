import Digest
import JobGraph
import Testing

@Suite struct `Comparisons with earlier plans` {
  private func difference(_ overrides: [String], versions: ToolVersions = Fixtures.versions) throws -> String {
    let before = try Fixtures.plan(Fixtures.pipeline)
    let after = try Fixtures.plan(Fixtures.pipeline, overrides: overrides, versions: versions)
    return PlanDifference(from: before, to: after).text(from: before, to: after)
  }

  @Test func `the text shows which jobs came and went, and what moved`() throws {
    #expect(try difference([]) == "0 changed, 0 added, 0 removed, 14 the same\n")
    #expect(
      try difference(["title=new"]) == """
        0 changed, 0 added, 0 removed, 14 the same
        the specs differ, but in nothing that a job depends on

        """)
    #expect(
      try difference(["seed=[43,46]", "measurement.repetitions=5"]) == """
        5 changed, 3 added, 6 removed, 3 the same
        - #1 coarse seed=44
        - #2 coarse seed=45
        - #5 refine seed=44 steps=2
        - #6 refine seed=44 steps=3
        - #7 refine seed=45 steps=2
        - #8 refine seed=45 steps=3
        ~ #6 timing steps=0: measurement (repetitions 30 → 5)
        ~ #7 timing steps=2: measurement (repetitions 30 → 5)
        ~ #8 timing steps=3: measurement (repetitions 30 → 5)
        ~ #9 distance steps=2: input.images
        ~ #10 distance steps=3: input.images
        + #1 coarse seed=46
        + #4 refine seed=46 steps=2
        + #5 refine seed=46 steps=3

        """)
    let text = try difference(["prompt=a dog"])
    #expect(text.contains("~ #0 coarse seed=43: parameters (prompt \"a cat\" → \"a dog\")\n"))
    #expect(text.contains("~ #3 refine seed=43 steps=2: input.coarse\n"))
  }

  @Test func `a new axis leaves the jobs that do not mention it the same`() throws {
    let before = try Fixtures.plan(Fixtures.pipeline)
    let after = try Fixtures.plan(
      Fixtures.pipeline.replacing(
        "\"steps\": [0, 2, 3]}", with: "\"steps\": [0, 2, 3], \"extra\": [1, 2]}"))
    #expect(PlanDifference(from: before, to: after).isEmpty)
    #expect(PlanDifference(from: before, to: after).unchanged == 14)
  }

  @Test func `long lists are cut`() throws {
    let before = try Fixtures.plan(Fixtures.pipeline)
    let after = try Fixtures.plan(Fixtures.pipeline, overrides: ["seed=[1]"])
    let text = PlanDifference(from: before, to: after).text(from: before, to: after, limit: 2)
    #expect(text.contains("  … and 9 more; --all lists them\n"))
  }

  @Test func `a frozen plan says what has become of its tasks and files`() throws {
    let plan = try Plan(parsing: try Fixtures.plan(Fixtures.pipeline).canonicalJSON)
    #expect(plan.staleness(versions: Fixtures.versions, files: Fixtures.files) == [])
    #expect(
      plan.staleness(
        versions: ToolVersions(tasks: ["w": ["generate": "2", "refine": "1"]]),
        files: FakeFiles(contents: ["m/teacher": "other"])) == [
          "task 'generate' of worker 'w' has another version now, 2", "'m/teacher' has another content now",
          "worker 'w' no longer has a task 'time'",
        ])
    #expect(
      plan.staleness(versions: Fixtures.versions, files: FakeFiles()) == ["'m/teacher' does not exist any more"])
  }

  @Test func `the estimate knows lanes, pools and chains`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let all = plan.jobs.map { _ in true }
    let seconds = ["coarse": 4.0, "refine": 2.0, "timing": 10.0]
    let estimate = PlanEstimate(of: plan, runs: all, stageSeconds: seconds)
    #expect(estimate.workSeconds == 12 + 12 + 30 + 2)
    // One process of the worker: coarse and refine one after the other; timings alone.
    #expect(estimate.wallSeconds == 54)
    #expect(estimate.unknownStages == ["distance"])
    let timings = PlanEstimate(of: plan, runs: plan.jobs.map { $0.stage == "distance" }, stageSeconds: seconds)
    #expect(timings.wallSeconds == 1 && timings.workSeconds == 2)
    let none = PlanEstimate(of: plan, runs: plan.jobs.map { _ in false }, stageSeconds: seconds)
    #expect(none.wallSeconds == 0 && none.unknownStages == [])
  }

  @Test func `a job's seed depends on the experiment's name and the job alone`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let more = try Fixtures.plan(Fixtures.pipeline, overrides: ["seed=[41,42,43]", "stages.coarse.priority=3"])
    let other = try Fixtures.plan(Fixtures.pipeline, overrides: ["name=other"])
    #expect(plan.jobs[0].seed == more.jobs[2].seed)
    #expect(plan.jobs[0].seed != other.jobs[0].seed && plan.jobs[0].fingerprint == other.jobs[0].fingerprint)
    #expect(Set(plan.jobs.map(\.seed)).count == plan.jobs.count)
    #expect(plan.jobs.allSatisfy { $0.seed < 1 << 53 })
  }
}
