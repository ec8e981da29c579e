import Digest
import JSON
import JobGraph
import Testing

@Suite struct Fingerprints {
  private func changes(
    _ overrides: [String] = [], _ versions: ToolVersions = Fixtures.versions, _ files: FakeFiles = Fixtures.files,
    root: String = "/p", members: String = Fixtures.pipeline
  ) throws -> [String: [String]] {
    let before = try Fixtures.plan(Fixtures.pipeline)
    let after = try Fixtures.plan(members, overrides: overrides, versions: versions, files: files, root: root)
    let difference = PlanDifference(from: before, to: after)
    #expect(difference.added.isEmpty && difference.removed.isEmpty)
    return Dictionary(
      difference.changed.map { (after.jobs[$0.later].stage, $0.parts) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func `they never change by accident`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    #expect(plan.hash.hex == "8379cda49146f7f9a73030065145a40e438f0590b97e0238bb0f289eff142cd4")
    let first = plan.jobs[0].fingerprint
    #expect(first.digest.hex == "c7c4f05ea2c485c794e07595b9da114d3946e92920a299a0335f6453b148c0f3")
    #expect(first.parts.map(\.name) == ["environment", "input.model", "parameters", "schema", "task"])
    #expect(plan.jobs[0].seed == 4_531_113_752_001_424)
    #expect(first["parameters"] == SHA256Digest(of: #"{"prompt":"a cat","seed":43}"#))
    #expect(first["input.model"] == SHA256Digest(of: "weights"))
  }

  @Test func `nothing changes when nothing relevant does`() throws {
    #expect(try changes() == [:])
    #expect(try changes(root: "/elsewhere") == [:])
    #expect(try changes(["stages.coarse.priority=9", "stages.coarse.retries=2", "title=new"]) == [:])
  }

  @Test func `the part that moved is named, downstream too`() throws {
    let downstream = ["refine": ["input.coarse"], "distance": ["input.images"]]
    #expect(try changes(["prompt=a dog"]) == downstream.merging(["coarse": ["parameters"]]) { $1 })
    let files = FakeFiles(contents: ["m/teacher": "other weights"])
    #expect(try changes([], Fixtures.versions, files) == downstream.merging(["coarse": ["input.model"]]) { $1 })
    var versions = Fixtures.versions
    versions.tasks["w"]?["generate"] = "2"
    #expect(try changes([], versions) == downstream.merging(["coarse": ["task"]]) { $1 })
    #expect(try changes(["measurement.repetitions=5"]) == ["timing": ["measurement"]])
    #expect(try changes(["stages.distance.environment.A=\"1\""]) == ["distance": ["environment"]])
    #expect(try changes(["workers.w.environment.A=\"1\""])["timing"] == ["environment"])
    let script = FakeFiles(contents: ["m/teacher": "weights", "d.py": "print()"])
    // What files a command names is watched besides.
    #expect(try changes([], Fixtures.versions, script) == [:])
  }

  @Test func `they depend on every part and on no order`() {
    let a = SHA256Digest(of: "a")
    let b = SHA256Digest(of: "b")
    let first = Fingerprint(parts: [("x", a), ("y", b)])
    #expect(first == Fingerprint(parts: [("y", b), ("x", a)]))
    #expect(first != Fingerprint(parts: [("x", b), ("y", a)]))
    #expect(first.changedParts(since: ["x": a, "z": b]) == ["y", "z"])
  }
}
