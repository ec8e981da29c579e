import AttemptModel
import Digest
import ExperimentSpec
import Foundation
import Glibc
import InputTracing
import JSON
import JobGraph
import ResultsStore
import Scheduling

/// The time of `orchestrate run` when every job has its result already.
struct Resume {
  let options: Options

  func run() async throws {
    let folder = URL(fileURLWithPath: options.folder).resolvingSymlinksInPath().path
    let spec = "\(folder)/resume.json"
    let source = """
      { "name": "resume", "axes": { "seed": { "from": 1, "to": \(options.jobs) } },
        "stages": { "nothing": { "command": ["true", "${seed}"] } } }
      """
    try source.write(toFile: spec, atomically: true, encoding: .utf8)
    try fill("\(folder)/resume", spec: spec, projectRoot: folder)
    let plan = try seconds(of: ["plan", spec, "--results", "\(folder)/none", "--project", folder])
    StoreBenchmark.row(
      "orchestrate plan, \(options.jobs) new jobs", text(plan), "no database: reading, planning, printing")
    for name in ["first", "second"] {
      let time = try seconds(of: ["run", spec, "--results", "\(folder)/resume", "--project", folder])
      StoreBenchmark.row(
        "orchestrate run, \(options.jobs) finished jobs, \(name) time", text(time),
        "plans, looks all results up, books the run")
    }
  }

  private func fill(_ results: String, spec: String, projectRoot: String) throws {
    guard let experiment = SpecReading(file: spec).experiment else { return }
    let project = ProjectFolder(root: projectRoot)
    let inherited = InheritedEnvironment()
    let programs = ProgramSearch(searchPath: inherited.variables["PATH"] ?? "")
    let watch = InputWatch(
      inputs: StaticInputs(project: project, programs: programs),
      variables: WatchedVariables.inputs(of: inherited.variables, named: []))
    let planning = Planning(
      of: experiment, versions: ToolVersions(), files: project, watch: watch, projectRoot: projectRoot,
      cores: ProcessInfo.processInfo.activeProcessorCount)
    guard let plan = planning.plan else { return }
    let store = try ResultsStore(path: "\(results)/results.sqlite", mode: .readWrite)
    let record = PlanRecord(
      experiment: plan.experimentName, canonicalSpec: plan.canonicalSpec, hash: plan.hash,
      canonicalPlan: plan.canonicalJSON, trials: plan.trials.map { TrialRecord(assignment: $0.assignment) },
      jobs: plan.jobs.map {
        JobRecord(
          stage: $0.stage, fingerprint: $0.fingerprint.digest, parts: $0.fingerprint.parts, isTimed: false,
          parameters: $0.parameters, trials: $0.trials, needs: $0.needs)
      })
    let start = StoreBenchmark.now
    let row = try store.register(record)
    StoreBenchmark.row("plan registered", text(StoreBenchmark.now - start), "\(plan.jobs.count) jobs")
    let run = try store.beginRun(plan: row, code: .unknown, toolVersion: "benchmark")
    let insertion = StoreBenchmark.now
    for first in stride(from: 0, to: plan.jobs.count, by: 10_000) {
      let jobs = plan.jobs[first..<min(first + 10_000, plan.jobs.count)]
      let now = TimePoint.now()
      try store.recordFinished(
        jobs.map { job in
          var report = AttemptReport(exitKind: .succeeded, start: now, end: now)
          report.trace = InputTrace(inputs: plan.watchLists[job.watched])
          return (job: job.index, seed: job.seed, report: report)
        },
        run: run,
        toolVersion: "true")
    }
    try store.endRun(run, state: .finished)
    StoreBenchmark.row("attempts inserted in bulk", text(StoreBenchmark.now - insertion), "10,000 a transaction")
  }

  private func seconds(of arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: options.orchestrate)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let start = StoreBenchmark.now
    try process.run()
    process.waitUntilExit()
    return StoreBenchmark.now - start
  }

  private func text(_ seconds: Double) -> String { "\((seconds * 100).rounded() / 100) s" }
}
