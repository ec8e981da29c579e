import InputTracing
package import JobGraph
package import Scheduling
import WorkerProtocol

/// What runs the jobs of a plan, and is asked before for the versions of its tasks.
package protocol RunMachine: Sendable {
  /// Runs attempts.
  var executor: any JobExecutor { get }

  /// Returns name and version of the tasks that workers offer.
  func versions(of workers: [String]) async throws -> ToolVersions

  /// Makes sure that what runs the jobs is there, so that its absence is one error and not one for every job.
  func requirePrograms(of jobs: [Job]) throws
}

/// Makes a machine for the workers of a plan, given the variables that its jobs inherit.
package typealias MakeRunMachine =
  @Sendable (_ workers: [String: WorkerDefinition], _ scene: InputScene) -> any RunMachine

/// This machine: commands and workers under a supervisor.
package struct LocalMachine: RunMachine {
  package let executor: any JobExecutor
  private let supervisor: ProcessSupervisor
  private let pool: WorkerPool

  package init(workers: [String: WorkerDefinition], scene: InputScene) {
    let (root, inherited) = (scene.project.root, scene.inherited)
    supervisor = ProcessSupervisor()
    pool = WorkerPool(
      definitions: workers, supervisor: supervisor, projectRoot: root, inherited: inherited,
      observer: ProgramLocation.readObserver)
    executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: root, inherited: inherited), workers: pool)
  }

  package func versions(of workers: [String]) async throws -> ToolVersions {
    var tasks: [String: [String: String]] = [:]
    for worker in workers {
      let hello = try await pool.hello(of: worker)
      tasks[worker] = Dictionary(hello.tasks.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
    }
    return ToolVersions(tasks: tasks)
  }

  package func requirePrograms(of jobs: [Job]) throws {
    guard !jobs.isEmpty else { return }
    try ProgramLocation.requireCompanions(of: jobs)
    try supervisor.begin()
  }
}
