import Digest
import ExperimentSpec
import InputTracing
import JSON
import JobGraph
import Testing

/// Files that exist only in a test.
struct FakeFiles: FileDigesting {
  var contents: [String: String] = [:]
  var folders: [String: String] = [:]

  func fileDigest(ofPath path: String) throws -> SHA256Digest? { contents[path].map { SHA256Digest(of: $0) } }
  func folderDigest(ofPath path: String) throws -> SHA256Digest? { folders[path].map { SHA256Digest(of: $0) } }
}

/// What earlier runs left behind, made from plans.
struct FakeHistory: PlanHistory {
  var done: Set<SHA256Digest> = []
  var parts: [String: [String: SHA256Digest]] = [:]

  mutating func record(_ plan: Plan) {
    for job in plan.jobs {
      done.insert(job.fingerprint.digest)
      for trial in job.trials {
        parts[key(job.stage, plan.trials[trial].assignment)] = Dictionary(
          job.fingerprint.parts.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
      }
    }
  }

  func attempts(for job: Job) -> [EarlierAttempt] {
    guard done.contains(job.fingerprint.digest) else { return [] }
    return [EarlierAttempt(id: 1, inputSet: 1, consumed: consumed(job), contents: [:])]
  }

  /// What a job is given where no artifact has a content.
  private func consumed(_ job: Job) -> SHA256Digest? {
    var names: [String: [SHA256Digest]] = [:]
    for (name, input) in job.inputs {
      if case .file = input { continue }
      names[name] = []
    }
    return InputTrace.consumed(names)
  }

  func changes(since inputSet: Int64, watched: Int32) -> [String] { [] }

  func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]? {
    parts[key(stage, assignment)]
  }

  private func key(_ stage: String, _ assignment: [(name: String, value: JSONValue)]) -> String {
    stage + "\n" + Trial(index: 0, assignment: assignment).label
  }
}

enum Fixtures {
  static let versions = ToolVersions(tasks: ["w": ["generate": "1", "refine": "1", "time": "1"]])
  static let files = FakeFiles(contents: ["m/teacher": "weights"])

  /// The members of a spec with two axes, a shared coarse stage, a refined one, a timed one and a collecting one.
  static let pipeline = """
    "name": "exp3",
    "parameters": {"model": "m", "prompt": "a cat"},
    "axes": {"seed": [43, 44, 45], "steps": [0, 2, 3]},
    "workers": {"w": {"command": ["w", "${projectRoot}"]}},
    "stages": {
      "coarse": {"task": "w/generate", "with": {"seed": "${seed}", "prompt": "${prompt}"}, "inputs": {"model": "${model}/teacher"}},
      "refine": {"task": "w/refine", "with": {"steps": "${steps}"}, "when": {"steps": [2, 3]},
        "inputs": {"coarse": {"stage": "coarse", "artifact": "image"}}},
      "timing": {"task": "w/time", "with": {"steps": "${steps}"}, "needs": ["refine"], "lane": "timed", "priority": 2},
      "distance": {"command": ["python3", "d.py", "${steps}", "${inputs.images}", "${outputDirectory}"], "collect": ["seed"],
        "when": {"steps": [2, 3]}, "inputs": {"images": {"stage": "refine", "artifact": "image"}}, "outputs": {"t": "t.json"}}
    }
    """

  static func experiment(_ members: String, overrides: [String] = []) throws -> Experiment {
    let reading = SpecReading(SourceText(name: "x.json", text: "{\(members)}"), overrides: overrides)
    #expect(DiagnosticRenderer().text(of: reading.diagnostics) == "")
    return try #require(reading.experiment)
  }

  static func planning(
    _ members: String, overrides: [String] = [], versions: ToolVersions = versions, files: FakeFiles = files,
    root: String = "/p"
  ) throws -> Planning {
    Planning(
      of: try experiment(members, overrides: overrides), versions: versions, files: files, projectRoot: root, cores: 2)
  }

  static func plan(
    _ members: String, overrides: [String] = [], versions: ToolVersions = versions, files: FakeFiles = files,
    root: String = "/p"
  ) throws -> Plan {
    let planning = try planning(members, overrides: overrides, versions: versions, files: files, root: root)
    #expect(planning.diagnostics.map(\.message) == [])
    return try #require(planning.plan)
  }
}
