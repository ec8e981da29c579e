import AttemptModel
import Digest
import ExperimentSpec
import Foundation
import JSON
import JobGraph
import Reporting
import ResultsStore

/// A spec and, behind zero bytes, overrides: read, explained, planned, shown, and reported on without a result.
///
/// It stands beside the specs of the working directory, so that it can extend them.
final class SpecEntrance: Entrance {
  private var earlier: Plan?

  init() {}

  static var seeds: [[UInt8]] {
    get throws {
      var seeds = [Array(SampleSpec.text.utf8), Array((SampleSpec.text + "\0seed=[1,2]\0steps=3").utf8)]
      for folder in ["experiments", "Examples"] {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where name.hasSuffix(".json") && !name.hasSuffix(".schema.json") {
          seeds.append(Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
        }
      }
      return seeds
    }
  }

  func take(_ bytes: [UInt8]) throws {
    let overrides = bytes.texts.dropFirst().prefix(5)
    let source = SourceText(name: "experiments/fuzzed.json", bytes: bytes.parts[0])
    let reading = SpecReading(source, overrides: Array(overrides))
    require(reading.diagnostics.count <= 202, "at most 202 mistakes are told")
    _ = DiagnosticRenderer().text(of: reading.diagnostics)
    guard let experiment = reading.experiment else {
      require(reading.diagnostics.contains { $0.severity == .error }, "a refused spec has a mistake")
      return
    }
    let planning = Planning(
      of: experiment, versions: Self.versions(of: experiment), files: AnyFile(), projectRoot: "/p", cores: 2)
    guard let plan = planning.plan else {
      require(!planning.diagnostics.isEmpty, "a spec without plan has a mistake")
      return
    }
    let stored = try Plan(parsing: plan.canonicalJSON)
    require(stored.hash == plan.hash, "a stored plan is the plan")
    for job in plan.jobs.prefix(20) { _ = job.arguments(inputPaths: [:], outputDirectory: "/o") }
    show(plan)
    try report(on: experiment, plan)
  }

  private func show(_ plan: Plan) {
    _ = (plan.graphText(), plan.dot(), plan.svg())
    _ = plan.selection(["seed=1", plan.jobs.first?.stage ?? ""])
    if let earlier { _ = PlanDifference(from: earlier, to: plan).text(from: earlier, to: plan) }
    earlier = plan
  }

  private func report(on experiment: Experiment, _ plan: Plan) throws {
    let run = RunSummary(
      id: 1, state: .ended(.finished), startedAt: "2026-01-01", commit: "c", isDirty: false, machine: [:])
    let results = ExperimentResults(
      name: experiment.name, spec: try JSONValue(parsing: plan.canonicalSpec), planHash: plan.hash.hex, run: run,
      trials: plan.trials.prefix(2000).map { TrialResults(index: $0.index, assignment: $0.assignment) }, jobs: [])
    // The report refuses what only it knows to be wrong, with an error.
    guard let page = try? ReportPage(results) else { return }
    _ = (page.markdown, page.html, page.latex, page.csv)
  }

  private static func versions(of experiment: Experiment) -> ToolVersions {
    var tasks: [String: [String: String]] = [:]
    for case .task(let worker, let name) in experiment.stages.map(\.action) { tasks[worker, default: [:]][name] = "1" }
    return ToolVersions(tasks: tasks)
  }
}

/// A project in which every file is there.
struct AnyFile: FileDigesting {
  func fileDigest(ofPath path: String) -> SHA256Digest? { SHA256Digest(of: path) }
  func folderDigest(ofPath path: String) -> SHA256Digest? { nil }
}

enum SampleSpec {
  /// Two axes, a shared stage, one behind it, a timed one and a collecting one, with every kind of member that plans differ in.
  static let text = """
    {"name": "exp3", "parameters": {"model": "m", "prompt": "a cat"}, "resources": {"gpu": {"indices": ["0", "1"]}},
    "axes": {"seed": [43, 44], "steps": [0, 2, 3]}, "workers": {"w": {"command": ["w", "${projectRoot}"], "count": 2}},
    "stages": {
    "coarse": {"task": "w/generate", "with": {"seed": "${seed}", "prompt": "${prompt}"}, "retries": 1, "timeLimit": "5m"},
    "refine": {"task": "w/refine", "with": {"steps": "${steps}"}, "when": {"steps": [2, 3]}, "resources": {"gpu": 1},
    "inputs": {"coarse": {"stage": "coarse", "artifact": "image"}}},
    "timing": {"task": "w/time", "with": {"steps": "${steps}"}, "needs": ["refine"], "lane": "timed", "priority": 2},
    "distance": {"command": ["d.py", "${steps}", "${inputs.images}", "${outputDirectory}"], "collect": ["seed"],
    "when": {"steps": [2, 3]}, "inputs": {"images": {"stage": "refine", "artifact": "image"}}, "outputs": {"t": "t.json"}}},
    "report": {"claims": [{"id": "c", "text": "t", "missing": "not measured"}]}}
    """
}
