import ExperimentSpec
import Foundation
import JobGraph
import Scheduling
import WorkerProtocol

/// Freezes the plan of a spec, asking its workers for the versions of their tasks.
struct ExperimentPlanner {
  /// A plan, and the workers that have been asked and can run it.
  struct Prepared {
    var plan: Plan
    var executor: LocalExecutor
    /// Name and version of each task, by worker and task.
    var versions: ToolVersions
  }

  let spec: SpecOptions
  let projectRoot: String

  func prepare() async throws -> Prepared {
    let experiment = try spec.experiment()
    let supervisor = ProcessSupervisor()
    let workers = Planning.workers(of: experiment, projectRoot: projectRoot)
    let inherited = InheritedEnvironment(experiment.inheritedEnvironment)
    let pool = WorkerPool(
      definitions: workers, supervisor: supervisor, projectRoot: projectRoot, inherited: inherited)
    let executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: projectRoot, inherited: inherited), workers: pool)
    do {
      var tasks: [String: [String: String]] = [:]
      for worker in workers.keys.sorted() {
        let hello = try await pool.hello(of: worker)
        tasks[worker] = Dictionary(hello.tasks.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
      }
      let versions = ToolVersions(tasks: tasks)
      let planning = Planning(
        of: experiment, versions: versions, files: ProjectFiles(root: projectRoot), projectRoot: projectRoot,
        cores: ProcessInfo.processInfo.activeProcessorCount)
      try spec.check(planning.diagnostics)
      guard let plan = planning.plan else { throw CommandFailure("\(spec.spec) cannot be planned") }
      return Prepared(plan: plan, executor: executor, versions: versions)
    } catch {
      await executor.shutDown()
      throw error
    }
  }
}
