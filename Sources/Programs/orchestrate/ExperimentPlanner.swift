import Digest
import ExperimentSpec
import Foundation
import InputTracing
import JobGraph
import RunSession
import Scheduling
import WorkerProtocol

/// Freezes the plan of a spec, or takes up a frozen one, asking the workers for the versions of their tasks.
struct ExperimentPlanner {
  /// A plan, and the workers that have been asked and can run it.
  struct Prepared {
    var plan: Plan
    var executor: LocalExecutor
    /// What starts the processes of the executor.
    var supervisor: ProcessSupervisor
    /// Name and version of each task, by worker and task.
    var versions: ToolVersions
    /// What jobs can be seen to depend on.
    var scene: InputScene
  }

  let projectRoot: String
  /// The folder of the results database.
  let results: String

  /// Plans a spec as it is now.
  func prepare(_ spec: SpecRequest) async throws -> Prepared {
    let experiment = try spec.experiment()
    let workers = Planning.workers(of: experiment, projectRoot: projectRoot)
    return try await withExecutor(of: workers, experiment.inheritedEnvironment) { versions, scene in
      let planning = Planning(
        of: experiment, versions: versions, files: scene.project, watch: scene.watch, projectRoot: projectRoot,
        cores: ProcessInfo.processInfo.activeProcessorCount)
      scene.keepDigests()
      try spec.format.check(planning.diagnostics.filter { !spec.ignored.contains($0.code) })
      guard let plan = planning.plan else { throw CommandFailure("\(spec.path) cannot be planned") }
      return plan
    }
  }

  /// Takes up a frozen plan, unless its tasks or input files are no longer what they were.
  func prepare(_ plan: Plan) async throws -> Prepared {
    try await withExecutor(of: plan.workers, plan.inheritedEnvironment) { versions, scene in
      let findings = plan.staleness(versions: versions, files: scene.project, current: scene.current())
      guard findings.isEmpty else {
        let shown = findings.prefix(20).map { "  \($0)\n" }.joined()
        throw CommandFailure(
          """
          error: plan \(plan.hash.hex.prefix(12)) of \(plan.experimentName) cannot be run as it was frozen:
          \(shown)put these back, or plan the spec anew with 'orchestrate run SPEC'
          """)
      }
      return plan
    }
  }

  /// Plans a spec, and ends the workers that were asked for it.
  func plan(_ spec: SpecRequest) async throws -> (plan: Plan, scene: InputScene) {
    let prepared = try await prepare(spec)
    await prepared.executor.shutDown()
    return (prepared.plan, prepared.scene)
  }

  private func withExecutor(
    of workers: [String: WorkerDefinition], _ inheritedEnvironment: [String],
    _ plan: (ToolVersions, InputScene) throws -> Plan
  ) async throws -> Prepared {
    let supervisor = ProcessSupervisor()
    let inherited = InheritedEnvironment(inheritedEnvironment)
    let scene = InputScene(projectRoot: projectRoot, results: results, inherited: inherited)
    let pool = WorkerPool(
      definitions: workers, supervisor: supervisor, projectRoot: projectRoot, inherited: inherited,
      observer: ProgramLocation.readObserver)
    let executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: projectRoot, inherited: inherited), workers: pool)
    do {
      var tasks: [String: [String: String]] = [:]
      for worker in workers.keys.sorted() {
        let hello = try await pool.hello(of: worker)
        tasks[worker] = Dictionary(hello.tasks.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
      }
      let versions = ToolVersions(tasks: tasks)
      return Prepared(
        plan: try plan(versions, scene), executor: executor, supervisor: supervisor, versions: versions, scene: scene)
    } catch {
      await executor.shutDown()
      throw error
    }
  }
}
