import AttemptModel
import Digest
import ExperimentSpec
import Foundation
import FoundationXML
import InputTracing
import JSON
import JobGraph
import Testing

@Suite struct Plans {
  @Test func `a plan comes back whole from its stored form`() throws {
    let plan = try Fixtures.plan(
      Fixtures.pipeline,
      overrides: [
        "stages.coarse.timeLimit=90s", "stages.coarse.environment.A=é", "stages.coarse.grace=2s",
        "stages.coarse.memoryLimit=2G", #"stages.coarse.retries={"limit":2,"backoff":"10s","factor":3}"#,
        #"resources={"gpu":{"indices":["a","b"],"variable":"V"}}"#, #"inheritEnvironment=["CUDA_HOME"]"#,
      ])
    #expect(plan.poolIndices == ["gpu": PoolIndices(["a", "b"], variable: "V")] && plan.resources["gpu"] == 2)
    #expect(plan.jobs.first?.limits.memoryBytes == 2 << 30)
    #expect(plan.jobs.first?.limits.backoff == .init(firstSeconds: 10, factor: 3))
    let again = try Plan(parsing: plan.canonicalJSON)
    #expect(again.jobs == plan.jobs)
    #expect(again.trials == plan.trials)
    #expect(again.workers == plan.workers && again.resources == plan.resources)
    #expect(again.poolIndices == plan.poolIndices && again.inheritedEnvironment == ["CUDA_HOME"])
    #expect(again.experimentName == "exp3" && again.canonicalSpec == plan.canonicalSpec)
    #expect(again.canonicalJSON == plan.canonicalJSON && again.hash == plan.hash)
    #expect(CanonicalJSON.text(of: try JSONValue(parsing: plan.canonicalJSON)) == plan.canonicalJSON)
    let frozenAgain = Plan(
      experimentName: again.experimentName, canonicalSpec: again.canonicalSpec, trials: again.trials, jobs: again.jobs,
      workers: again.workers, resources: again.resources, poolIndices: again.poolIndices,
      inheritedEnvironment: again.inheritedEnvironment)
    #expect(frozenAgain.hash == plan.hash)
    let spec = try JSONValue(parsing: plan.canonicalSpec)
    #expect(spec["axes"]?["steps"] == [0, 2, 3])
  }

  @Test func `labels and drawings show control characters and cut long values`() throws {
    let escape = "\u{1B}[31m\u{9B}\u{FFFE}<&"
    let plan = try Fixtures.plan(
      """
      "name": "wild", "axes": {"v": [\(JSONValue.string(escape).compactText), "\(String(repeating: "é", count: 20_000))"]},
      "stages": {"s": {"command": ["c", "${v}"]}}
      """)
    #expect(plan.label(ofJob: 0).hasPrefix("#0 s v=␛[31m\\u{9B}"))
    #expect(plan.label(ofJob: 1) == "#1 s v=\(String(repeating: "é", count: 80))… (20000 characters)")
    for text in [plan.svg(), plan.dot(), plan.graphText(), plan.why(0, statuses: [.new, .new])] {
      #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) })
    }
    #expect(XMLParser(data: Data(plan.svg().utf8)).parse())
  }

  @Test func `a damaged or newer plan is refused with a reason`() throws {
    func message(_ change: (inout JSONValue) -> Void) throws -> String {
      var value = try JSONValue(parsing: try Fixtures.plan(Fixtures.pipeline).canonicalJSON)
      change(&value)
      do throws(PlanError) {
        _ = try Plan(parsing: value.compactText)
        return "no error"
      } catch {
        return error.message
      }
    }
    let cure = "; make a new plan with `orchestrate run SPEC`"
    #expect(try message { $0["format"] = 2 } == "the stored plan has format 2, newer than 1; use a newer version")
    #expect(try message { $0["jobs"] = nil } == "the stored plan is damaged: jobs is missing\(cure)")
    #expect(try message { $0["frames"] = [] } == "the stored plan is damaged: job 0 has no frame\(cure)")
    #expect(
      try message { value in
        var jobs = value["jobs"]?.arrayValue ?? []
        jobs[0]["needs"] = [3]
        value["jobs"] = .array(jobs)
      } == "the stored plan is damaged: needs of job 0: 3 is out of range\(cure)")
    #expect(throws: PlanError.self) { try Plan(parsing: "{") }
  }

  @Test(arguments: [
    ("poolIndices", #"{"gpu": {"names": ["0"]}}"#, "'gpu' has 2 tokens and 1 names for them"),
    ("poolIndices", #"{"gpu": {"names": ["0", "0"]}}"#, "'gpu' has 2 tokens and 1 names for them"),
    ("poolIndices", #"{"tpu": {"names": ["0"]}}"#, "'tpu' has 0 tokens and 1 names for them"),
    ("resources", #"{"gpu": 3}"#, "'gpu' has 3 tokens and 2 names for them"),
    ("resources", #"{}"#, "'gpu' has 0 tokens and 2 names for them"),
  ])
  func `names of tokens that do not fit their pool are refused`(member: String, value: String, reason: String) throws {
    let plan = try Fixtures.plan(Fixtures.pipeline, overrides: [#"resources={"gpu":{"indices":["a","b"]}}"#])
    var stored = try JSONValue(parsing: plan.canonicalJSON)
    stored[member] = try JSONValue(parsing: value)
    let error = #expect(throws: PlanError.self) { try Plan(parsing: stored.compactText) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("timeLimitSeconds", #""Infinity""#), ("timeLimitSeconds", "-1"), ("timeLimitSeconds", "1e300"),
    ("graceSeconds", #""NaN""#), ("backoff", #"[1, "NaN", 1]"#), ("backoff", "[1, 2, 1e30]"), ("backoff", "[1, 2]"),
    ("quiet", #"["NaN", 1]"#), ("quiet", "[1, -1]"),
  ])
  func `times that no clock can add are refused`(member: String, value: String) throws {
    var stored = try JSONValue(parsing: try Fixtures.plan(Fixtures.pipeline).canonicalJSON)
    var frames = stored["frames"]?.arrayValue ?? []
    frames[0][member] = try JSONValue(parsing: value)
    stored["frames"] = .array(frames)
    let error = #expect(throws: PlanError.self) { try Plan(parsing: stored.compactText) }
    #expect(error?.code == .malformed)
  }

  @Test func `statuses say why each job runs, and why follows the inputs`() throws {
    var history = FakeHistory()
    let before = try Fixtures.plan(Fixtures.pipeline)
    #expect(Set(before.statuses(history: history)) == [.new])
    history.record(before)
    #expect(Set(before.statuses(history: history)) == [.reused])
    var withoutTimings = history
    for job in before.jobs where job.lane == .timed { withoutTimings.done.remove(job.fingerprint.digest) }
    let fresh = before.statuses(history: withoutTimings)
    #expect(zip(before.jobs, fresh).allSatisfy { ($0.lane == .timed) == ($1 == .freshTiming) })
    let after = try Fixtures.plan(Fixtures.pipeline, overrides: ["prompt=a dog"])
    let statuses = after.statuses(history: history)
    #expect(statuses[0] == .changed(["parameters"]) && statuses[0].text == "changed: parameters")
    #expect(
      after.why(3, statuses: statuses) == """
        #3 refine seed=43 steps=2: runs, because this has changed: its input 'coarse'
          #0 coarse seed=43: runs, because this has changed: its parameters

        """)
    #expect(after.why(99, statuses: statuses) == "")
  }

  @Test func `differences name what came, went and changed`() throws {
    let before = try Fixtures.plan(Fixtures.pipeline)
    let after = try Fixtures.plan(Fixtures.pipeline, overrides: ["seed=[44,45,46]"])
    let difference = PlanDifference(from: before, to: after)
    #expect(
      difference.added.map(after.label(ofJob:)) == [
        "#2 coarse seed=46", "#7 refine seed=46 steps=2", "#8 refine seed=46 steps=3",
      ])
    #expect(
      difference.removed.map(before.label(ofJob:)) == [
        "#0 coarse seed=43", "#3 refine seed=43 steps=2", "#4 refine seed=43 steps=3",
      ])
    #expect(difference.changed.map(\.parts) == [["input.images"], ["input.images"]])
  }

  @Test func `critical paths and edges`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let dependencies = JobDependencies(of: plan.jobs)
    #expect(Array(dependencies.dependents(of: 0)) == [3, 4])
    #expect(dependencies.needCounts.reduce(0, +) == Int32(plan.jobs.map(\.needs.count).reduce(0, +)))
    let lengths = dependencies.criticalPathLengths(durations: plan.jobs.map { $0.stage == "distance" ? 10 : 1 })
    #expect(lengths[0] == 12 && lengths[3] == 11 && lengths[13] == 10)
    #expect(dependencies.levels(of: plan.jobs).max() == 2)
  }

  @Test func `the graph as text and as DOT`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    #expect(
      plan.graphText() == """
        9 trials, 14 jobs in 4 stages
          coarse    3 jobs  w/generate
          refine    6 jobs  w/refine      after coarse
          timing    3 jobs  w/time        after refine, timed
          distance  2 jobs  python3 d.py  after refine

        """)
    #expect(plan.dot().contains("  j0 -> j3;\n") && plan.dot().contains("label=\"#0 coarse seed=43\""))
    #expect(plan.dot(jobLimit: 1).contains("s0 [label=\"coarse\\n3 jobs\"];\n"))
  }

  @Test func `the graph as SVG is well-formed and the same every time`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    for picture in [plan.svg(), plan.svg(jobLimit: 1)] {
      let text = try JSONValue(parsing: JSONValue.string(picture).compactText).stringValue
      #expect(text == picture)
      #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
      #expect(!picture.contains("nan") && !picture.contains("inf"))
    }
    #expect(plan.svg() == plan.svg())
    #expect(plan.svg(jobLimit: 1).contains(">3 jobs<"))
    if let folder = ProcessInfo.processInfo.environment["PLAN_SVG_FOLDER"] {
      try Data(plan.svg().utf8).write(to: URL(fileURLWithPath: "\(folder)/jobs.svg"))
      try Data(plan.svg(jobLimit: 1).utf8).write(to: URL(fileURLWithPath: "\(folder)/stages.svg"))
    }
  }

  @Test func `files and folders of a project are digested by content`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("d/e"), withIntermediateDirectories: true)
    try Data("abc".utf8).write(to: folder.appendingPathComponent("d/f"))
    try Data("x".utf8).write(to: folder.appendingPathComponent("d/e/g"))
    let files = ProjectFolder(root: folder.path)
    #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
    let pipe = #expect(throws: (any Error).self) { try files.fileDigest(ofPath: "pipe") }
    #expect(pipe.map { "\($0)" } == "cannot read pipe: it is a named pipe, not a regular file; name a file")
    #expect(try files.fileDigest(ofPath: "d/f") == SHA256Digest(of: "abc"))
    #expect(try files.fileDigest(ofPath: "d") == nil)
    #expect(try files.folderDigest(ofPath: "d/f") == nil)
    #expect(try files.fileDigest(ofPath: "none") == nil)
    let expected = "e/g\0\(SHA256Digest(of: "x").hex)\nf\0\(SHA256Digest(of: "abc").hex)\n"
    #expect(try files.folderDigest(ofPath: "d") == SHA256Digest(of: expected))
  }

  @Test func `a hundred thousand jobs are planned, stored and read back`() throws {
    let members = """
      "name": "big", "axes": {"a": {"from": 1, "to": 250}, "b": {"from": 1, "to": 100}}, "maxJobs": 200000,
      "workers": {"w": {"command": ["w"]}}, "stages": {
        "p": {"task": "w/generate", "with": {"a": "${a}", "b": "${b}", "text": "${a} of ${b}"}},
        "q": {"task": "w/refine", "with": {"k": 1}, "inputs": {"i": {"stage": "p", "artifact": "o"}}},
        "r": {"task": "w/refine", "with": {"k": 2}, "inputs": {"i": {"stage": "q", "artifact": "o"}}},
        "s": {"task": "w/time", "lane": "timed", "inputs": {"i": {"stage": "r", "artifact": "o"}, "j": {"stage": "p", "artifact": "o"}}}}
      """
    let clock = ContinuousClock()
    let start = clock.now
    let plan = try Fixtures.plan(members)
    let planned = clock.now
    #expect(plan.jobs.count == 100_000)
    let again = try Plan(parsing: plan.canonicalJSON)
    let parsed = clock.now
    #expect(again.hash == plan.hash)
    #expect(again.jobs.count == plan.jobs.count && again.jobs.last == plan.jobs.last)
    print("planned in \(planned - start), read back in \(parsed - planned), \(plan.canonicalJSON.utf8.count) bytes")
  }
}
