import AttemptModel
import ExperimentSpec
import JSON
import Testing

@Suite struct Experiments {
  private func read(_ overrides: [String] = []) throws -> Experiment {
    let reading = SpecReading(SourceText(name: "full.json", text: FullSpec.text), overrides: overrides)
    #expect(DiagnosticRenderer().text(of: reading.diagnostics.filter { $0.severity == .error }) == "")
    return try #require(reading.experiment)
  }

  private func complaint(_ override: String) -> String {
    let reading = SpecReading(SourceText(name: "full.json", text: FullSpec.text), overrides: [override])
    return reading.diagnostics.filter { $0.severity == .error }.map {
      "\($0.place.file):\($0.place.location.column): \($0.message) → \($0.suggestion ?? "")"
    }.joined(separator: "\n")
  }

  @Test func `everything in the spec arrives in the experiment`() throws {
    let experiment = try read()
    #expect(experiment.name == "exp3")
    #expect(experiment.variables == ["seed", "steps", "width", "height"])
    #expect(experiment.axes.map(\.count) == [3, 4, 2])
    #expect(experiment.axes[0].members[0].values == [43, 45, 47])
    #expect(experiment.stages.map(\.name) == ["coarse", "refine", "timing", "distance", "programs"])
    #expect(experiment.stageOrder == [0, 1, 2, 3, 4])
    let programs = experiment.stages[4]
    #expect(programs.lane == .timed && programs.variants.map(\.name) == ["script", "compiled"])
    guard case .command(let words) = programs.action else {
      Issue.record("a comparison is a command")
      return
    }
    #expect(
      words.map { $0.constantValue?.stringValue ?? $0.variables.joined() } == [
        "command-timer", "script", "3", "python3", "Scripts/distance.py", "seed", "compiled", "2", "./distance",
        "inputs.model",
      ])
    let timing = experiment.stages[2]
    #expect(timing.lane == .timed && timing.retries == 1 && timing.priority == 5 && timing.timeLimitSeconds == 600)
    #expect(
      timing.measurement
        == Measurement(
          warmup: 1, repetitions: 10, order: .fixed, innerLoop: .calls(20), precision: 0.02, maximumRepetitions: 100,
          timeBudgetSeconds: 90, control: .slowdown(0.05), quiet: .init(load: 0.25, waitSeconds: 120)))
    #expect(
      CanonicalJSON.text(of: try #require(timing.measurement).json)
        == #"{"control":0.05,"innerLoop":20,"maximumRepetitions":100,"order":"fixed","precision":0.02,"repetitions":10,"timeBudget":90.0,"warmup":1}"#
    )
    #expect(CanonicalJSON.text(of: Measurement.standard.json) == #"{"order":"abba","repetitions":30,"warmup":3}"#)
    let control = Measurement(warmup: 0, repetitions: 1, order: .random, innerLoop: .automatic, control: .identity)
    #expect(
      CanonicalJSON.text(of: control.json)
        == #"{"control":"identity","innerLoop":"auto","order":"random","repetitions":1,"warmup":0}"#)
    #expect(timing.predecessors == ["refine"])
    #expect(experiment.stages[3].collect == ["seed"])
    let distance = experiment.stages[3]
    #expect(distance.timeLimitSeconds == 90 && distance.graceSeconds == 10)
    #expect(distance.memoryLimitBytes == 3 << 29 && distance.workingDirectory == .output)
    #expect(distance.retries == 3)
    #expect(distance.backoff == RetryBackoff(firstSeconds: 10, factor: 3, longestSeconds: 120))
    #expect(experiment.stages[1].predecessors == ["coarse"])
    #expect(experiment.resources == ["cpu": 2, "gpu": 1])
    #expect(experiment.indexedPools == ["gpu": IndexedPool(indices: ["0"], variable: "CUDA_VISIBLE_DEVICES")])
    #expect(experiment.inheritedEnvironment == ["CUDA_HOME", "SLURM_*"])
    #expect(experiment.workers[0].maximumRequests == 100)
    #expect(experiment.maxJobs == 1000)
    #expect(experiment.resolved["axes"]?["seed"] == [43, 45, 47])
    #expect(experiment.resolved["report"]?["tables"]?[0]?["id"] == "table1")
  }

  @Test func `ranges include both ends, go down, and have clean decimals`() throws {
    let axes =
      "\"a\": {\"from\": 3, \"to\": 1, \"by\": -1}, \"b\": {\"from\": 0, \"to\": 0.5, \"by\": 0.1}, \"c\": {\"from\": 1, \"to\": 4, \"by\": 2}"
    let text = "{\"name\": \"x\", \"axes\": {\(axes)}, \"stages\": {\"s\": {\"command\": [\"x\"]}}}"
    let experiment = try #require(SpecReading(SourceText(name: "x", text: text)).experiment)
    #expect(experiment.axes[0].members[0].values == [3, 2, 1])
    #expect(experiment.axes[1].members[0].values == [.number(0), 0.1, 0.2, 0.3, 0.4, 0.5])
    #expect(experiment.axes[2].members[0].values == [1, 3])
  }

  @Test func `texts with variables keep types, convert, and escape`() throws {
    let text = ##"{"a": "${n}", "b": "n=${n}, f=${f}, t=${t}", "c": ["$${n}", "$5"], "d": "${t}"}"##
    let object = ValueTemplate.object([])
    #expect(object.variables == [])
    let spec =
      "{\"name\": \"x\", \"parameters\": {\"n\": 3, \"f\": 0.5, \"t\": \"é\", \"all\": \(text)}, \"stages\": {\"s\": {\"command\": [\"x\"]}}}"
    let experiment = try #require(SpecReading(SourceText(name: "x", text: spec)).experiment)
    let template = try #require(experiment.parameters.last).value
    #expect(template.variables == ["n", "f", "t"])
    let values: [String: JSONValue] = ["n": 3, "f": 0.5, "t": "é"]
    let resolved = template.resolved { values[$0] ?? .null }
    #expect(resolved == ["a": 3, "b": "n=3, f=0.5, t=é", "c": ["${n}", "$5"], "d": "é"])
  }

  @Test func `overrides find axes, parameters, zip members and any path`() throws {
    let experiment = try read([
      "steps=[2,3]", "seed=44", "prompt=A cat, sleeping", "width=[8,16]", "stages.timing.retries=3", "resources.cpu=4",
      "report.tables.0.columns.0.digits=2", "measurement.warmup=0", "sizes=[8]", "parameters.model=\"m\"",
      "stages.coarse.lane=timed",
    ])
    #expect(experiment.axes.map { $0.members[0].values } == [[44], [2, 3], [8, 16]])
    #expect(experiment.parameters.map(\.value)[0] == .constant("A cat, sleeping"))
    #expect(experiment.parameters.map(\.value)[3] == .constant([8]))
    #expect(experiment.stages[2].retries == 3)
    #expect(experiment.stages[0].lane == .timed)
    #expect(experiment.resources["cpu"] == 4)
    #expect(experiment.measurement.warmup == 0)
    #expect(experiment.resolved["report"]?["tables"]?[0]?["columns"]?[0]?["digits"] == 2)
    #expect(experiment.resolved["parameters"]?["model"] == "m")
  }

  @Test func `overrides have the type of what they replace`() throws {
    let experiment = try read(["prompt=5", "model=1.50", "sizes=[\"${prompt}\"]", "teacher=7", "width=[8.5, 16]"])
    let values = Dictionary(experiment.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    #expect(values["prompt"] == .constant("5"))
    #expect(values["model"] == .constant("1.50"))
    #expect(values["teacher"] == .constant(7))
    #expect(complaint("sizes=8") == "--set:7: 'sizes' must be a list, as in the spec, not an integer → ")
    #expect(complaint("prompt=[1]") == "--set:8: 'prompt' must be a string, as in the spec, not an array → ")
    #expect(
      complaint("seed=[43, \"x\"]") == "--set:11: a value of 'seed' must be a number, as in the spec, not a string → ")
    #expect(complaint("width=[true, 1]").contains("--set:8: a value of 'width' must be a number"))
  }

  @Test func `a number stays real or whole, as it is in the spec`() throws {
    func parameters(_ overrides: [String]) throws -> [String: JSONValue] {
      let text = """
        {"name": "x", "parameters": {"ratio": 1.0, "n": 3, "lr": [0.5, 1.0], "opt": {"eps": 1e-8, "name": "adam"}},
        "axes": {"a": [1.0, 2.5], "b": [1, 2], "r": {"from": 0.0, "to": 1}},
        "workers": {"w": {"command": ["w"]}}, "stages": {"s": {"task": "w/t", "with": {"x": 2.0}}}}
        """
      let reading = SpecReading(SourceText(name: "x", text: text), overrides: overrides)
      #expect(reading.diagnostics.map(\.message) == [])
      let resolved = try #require(reading.experiment).resolved
      var values = Dictionary(resolved["parameters"]?.objectValue ?? [], uniquingKeysWith: { $1 })
      for axis in ["a", "b", "r"] { values[axis] = resolved["axes"]?[axis] }
      values["x"] = resolved["stages"]?["s"]?["with"]?["x"]
      return values
    }
    let found = try parameters([
      "ratio=2", "n=4.0", "lr=[1, 2]", "opt.eps=1", "a=[3, 4]", "b=[5.0, 6]", "r=[7]", "stages.s.with.x=3",
    ])
    #expect(found["ratio"] == .number(2) && found["n"] == .integer(4) && found["x"] == .number(3))
    #expect(found["lr"] == [.number(1), .number(2)] && found["opt"]?["eps"] == .number(1))
    #expect(found["a"] == [.number(3), .number(4)] && found["b"] == [.integer(5), .integer(6)])
    #expect(found["r"] == [.number(7)])
    #expect(try parameters(["n=4.5"])["n"] == .number(4.5))
    #expect(try parameters(["opt={\"eps\": 2, \"more\": 1}"])["opt"] == ["eps": .number(2), "more": .integer(1)])
    #expect(try parameters(["opt.name=5"])["opt"]?["name"] == "5")
  }

  @Test func `a member is added only if that is asked for`() throws {
    let text = """
      {"name": "x", "parameters": {"opt": {"name": "adam", "eps": 1}}, "resources": {"gpu": 1},
      "stages": {"s": {"command": ["x"], "environment": {"SEED": "1"}}, "t": {"command": ["x"]}}}
      """
    func read(_ override: String) -> SpecReading {
      SpecReading(SourceText(name: "x", text: text), overrides: [override])
    }
    let misspelt = try #require(read("parameters.opt.nme=sgd").diagnostics.first)
    #expect(misspelt.code == .unknownOverride && misspelt.suggestion == "name")
    #expect(misspelt.place.location.column == 16)
    #expect(misspelt.hint == "did you mean 'name'? A '+' before the whole path adds a member")
    for override in ["opt.x.y=1", "parameters.new=1", "stages.s.environment.SEDE=1", "resources.gup=1", "+opt.x.y=1"] {
      #expect(read(override).diagnostics.map(\.code) == [.unknownOverride], "\(override)")
    }
    #expect(
      read("+opt.nme=sgd").experiment?.resolved["parameters"]?["opt"] == ["name": "adam", "eps": 1, "nme": "sgd"])
    #expect(read("+parameters.new=1").experiment?.parameters.map(\.name) == ["opt", "new"])
    #expect(read("+stages.s.environment.A=one").experiment?.stages[0].environment.count == 2)
    #expect(read("resources.cpu=2").experiment?.resources["cpu"] == 2)
    // What has no members yet cannot be misspelt.
    #expect(read("stages.t.environment.A=\"1\"").experiment?.stages[1].environment.count == 1)
    #expect(read("stages.t.timeLimit=10s").experiment?.stages[1].timeLimitSeconds == 10)
    let present = try #require(read("+opt.name=sgd").diagnostics.first)
    #expect(present.message == "'name' cannot be added, it is there already")
    let deep = "opt." + String(repeating: "a.", count: 60_000) + "a=1"
    #expect(read(deep).diagnostics.map(\.code) == [.tooLarge])
    for override in ["+", "+=1", "=", "++opt=1", ".=1"] { #expect(read(override).experiment == nil, "\(override)") }
  }

  @Test(arguments: [
    ("stpes=[1]", "--set:1: unknown path 'stpes' in an override → steps"),
    ("parameters.prmopt=x", "--set:12: unknown path 'prmopt' in an override → prompt"),
    ("stages.timng.retries=1", "--set:8: unknown path 'timng' in an override → timing"),
    ("stages.timing.retires=1", "--set:15: unknown member 'retires' of stage 'timing' → retries"),
    (
      "stages.timing.retries=x",
      "'retries' of stage 'timing' must be an integer or an object such as {\"limit\": 3}, not a string"
    ),
    ("steps=[1,", "--set:10: the text ends where a value was expected → "),
    ("steps", "--set:1: an override needs a path and a value → "),
    ("name.x=1", "--set:6: 'name' is a string and has no member 'x' → "),
    ("report.tables.7.id=x", "--set:15: unknown path '7' in an override → "),
    ("steps=[]", "--set:7: axis 'steps' must not be empty → "),
  ])
  func `a wrong override is reported at its place`(override: String, message: String) {
    #expect(complaint(override).contains(message))
  }
}
