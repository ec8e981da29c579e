import AttemptModel
import Digest
import ExperimentSpec
import JSON
import JobGraph
import TestSupport
import Testing

@Suite struct `Planning of jobs` {
  @Test func `trials share the jobs of stages that do not mention what differs`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let counts = Dictionary(grouping: plan.jobs, by: \.stage).mapValues(\.count)
    #expect(counts == ["coarse": 3, "refine": 6, "timing": 3, "distance": 2])
    let coarse = plan.jobs[0]
    #expect(coarse.trials == [0, 1, 2] && coarse.needs == [])
    #expect(coarse.parameters == ["seed": 43, "prompt": "a cat"])
    #expect(coarse.inputs == ["model": .file("m/teacher")])
    #expect(coarse.resources == ["cpu": 1] && coarse.lane == .throughput && coarse.measurement == .null)
    let refine = plan.jobs[3]
    #expect(refine.stage == "refine" && refine.trials == [1] && refine.needs == [0])
    #expect(refine.inputs == ["coarse": .artifact(job: 0, name: "image")])
  }

  @Test func `a timed stage measures, and an order without input shares its job`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let timing = plan.jobs.filter { $0.stage == "timing" }
    #expect(timing.map(\.trials) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
    #expect(timing.map(\.needs) == [[], [3, 5, 7], [4, 6, 8]])
    #expect(timing[0].lane == .timed && timing[0].priority == 2)
    #expect(timing[0].measurement == ["warmup": 3, "repetitions": 30, "order": "abba"])
    #expect(timing[0].fingerprint["measurement"] != nil)
  }

  @Test func `a collecting stage runs once with lists in trial order`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let distance = plan.jobs.filter { $0.stage == "distance" }
    #expect(distance.map(\.trials) == [[1, 4, 7], [2, 5, 8]])
    #expect(distance.map(\.needs) == [[3, 5, 7], [4, 6, 8]])
    #expect(distance[0].inputs == ["images": .artifacts(jobs: [3, 5, 7], name: "image")])
    #expect(distance[0].parameters == ["steps": 2])
    let arguments = distance[0].arguments(inputPaths: ["images": ["/a", "/b"]], outputDirectory: "/o")
    #expect(arguments == ["python3", "d.py", "2", "/a", "/b", "/o"])
  }

  @Test func `literal braces survive both rounds of filling in`() throws {
    let members = """
      "name": "x", "parameters": {"p": "a ${q} b", "q": "$${inputs.f}"}, "stages": {"s": {"command":
      ["x", "$${outputDirectory}", "${p}|${outputDirectory}|${inputs.f}", "$5"], "inputs": {"f": "m/teacher"}}}
      """
    let job = try #require(try Fixtures.plan(members).jobs.first)
    #expect(
      job.arguments(inputPaths: ["f": ["/f"]], outputDirectory: "/o") == [
        "x", "${outputDirectory}", "a ${inputs.f} b|/o|/f", "$5",
      ])
  }

  @Test func `jobs with equal fingerprints are one job`() throws {
    let members = """
      "name": "x", "axes": {"file": ["a", "b", "c"]}, "stages": {"s": {"command": ["x"], "inputs": {"f": "${file}"}}}
      """
    let files = FakeFiles(contents: ["a": "same", "b": "other", "c": "same"])
    let plan = try Fixtures.plan(members, files: files)
    #expect(plan.jobs.map(\.trials) == [[0, 2], [1]])
  }

  @Test func `the same work under two names runs one after the other, with a warning`() throws {
    let planning = try Fixtures.planning(
      "\"name\": \"x\", \"stages\": {\"a\": {\"command\": [\"x\"]}, \"b\": {\"command\": [\"x\"]}}")
    #expect(planning.diagnostics.map(\.message) == ["stage 'b' does the same work as stage 'a'"])
    #expect(planning.plan?.jobs.map(\.needs) == [[], [0]])
  }

  @Test func `stages in any document order end up in order of need`() throws {
    let members = """
      "name": "x", "stages": {"last": {"command": ["l"], "needs": ["middle"]}, "middle": {"command": ["m"], "needs": ["first"]},
      "first": {"command": ["f"]}}
      """
    let plan = try Fixtures.plan(members)
    #expect(plan.jobs.map(\.stage) == ["first", "middle", "last"])
    #expect(plan.jobs.map(\.needs) == [[], [0], [1]])
  }

  @Test func `mistakes that only planning can see are reported together`() throws {
    let members = """
      "name": "x", "axes": {"s": [1, 2]}, "workers": {"w": {"command": ["w"]}, "v": {"command": ["v"]}},
      "stages": {"a": {"task": "w/genrate"}, "b": {"task": "v/t"}, "c": {"command": ["x"], "inputs": {"f": "no/${s}"}, "when": {"s": 1}},
      "d": {"command": ["y", "${s}"], "when": {"s": 2}, "outputs": {"o": "o"}},
      "e": {"command": ["z"], "inputs": {"i": {"stage": "d", "artifact": "o"}}}, "f": {"command": ["x"], "resources": {"cpu": 8}}}
      """
    let planning = try Fixtures.planning(members)
    #expect(planning.plan == nil)
    #expect(
      planning.diagnostics.map { "\($0.code.rawValue): \($0.message)" } == [
        "spec.out-of-range: stage 'f' asks for 8 of 'cpu', but there are only 2",
        "plan.unknown-task: worker 'w' has no task 'genrate'",
        "plan.silent-worker: the tasks of worker 'v' are not known",
        "plan.missing-input: input 'f' of stage 'c': 'no/1' does not exist",
        "plan.missing-producer: input 'i' of stage 'e' comes from stage 'd', which has no job for s=1",
      ])
    #expect(planning.diagnostics.dropFirst().first?.suggestion == "generate")
  }

  @Test func `workers are those that stages use, with the project's place filled in`() throws {
    let experiment = try Fixtures.experiment(Fixtures.pipeline)
    let workers = Planning.workers(of: experiment, projectRoot: "/p")
    #expect(workers == ["w": WorkerDefinition(command: ["w", "/p"])])
  }

  @Test(arguments: 1...30)
  func `every job comes after what it needs and serves the trials it should`(seed: Int) throws {
    var generator = SeededGenerator(UInt64(seed))
    func random(_ limit: Int) -> Int { generator.below(limit) }
    let axisCount = 1 + random(3)
    let axes = (0..<axisCount).map { "\"v\($0)\": [\((0...random(3)).map(String.init).joined(separator: ","))]" }
    let stages = (0..<2 + random(5)).map { index -> String in
      let mentioned = (0..<axisCount).filter { _ in random(2) == 0 }
      let arguments = (["c\(index)"] + mentioned.map { "${v\($0)}" }).map { "\"\($0)\"" }.joined(separator: ", ")
      let producer = index > 0 && random(3) > 0 ? "\"i\": {\"stage\": \"s\(random(index))\", \"artifact\": \"o\"}" : ""
      let needs = index > 0 && random(3) == 0 ? "\"s\(random(index))\"" : ""
      return
        "\"s\(index)\": {\"command\": [\(arguments)], \"outputs\": {\"o\": \"o\"}, \"inputs\": {\(producer)}, \"needs\": [\(needs)]}"
    }
    let plan = try Fixtures.plan(
      "\"name\": \"x\", \"axes\": {\(axes.joined(separator: ", "))}, \"stages\": {\(stages.joined(separator: ", "))}")
    for (index, job) in plan.jobs.enumerated() {
      #expect(job.index == index)
      #expect(job.needs.allSatisfy { $0 < index } && job.needs == Array(Set(job.needs)).sorted())
      #expect(job.trials == Array(Set(job.trials)).sorted() && !job.trials.isEmpty)
    }
    for (_, jobs) in Dictionary(grouping: plan.jobs, by: \.stage) {
      #expect(jobs.flatMap(\.trials).sorted() == Array(0..<plan.trials.count))
      #expect(Set(jobs.map(\.fingerprint)).count == jobs.count)
    }
    let again = try Plan(parsing: plan.canonicalJSON)
    #expect(again.jobs == plan.jobs && again.hash == plan.hash)
  }
}
