package import ExperimentSpec
import Foundation
package import JobGraph
package import ResultsStore
import Scheduling

/// A plan, and the machine that has been asked and can run it.
package struct PreparedPlan: Sendable {
  package var plan: Plan
  package var machine: any RunMachine
  /// Name and version of each task, by worker and task.
  package var versions: ToolVersions
  /// What jobs can be seen to depend on.
  package var scene: InputScene
}

/// Freezes the plan of a spec, or takes up a frozen one, asking the workers for the versions of their tasks.
package struct ExperimentPlanner: Sendable {
  /// The absolute path of the folder that paths of a spec are relative to.
  package let projectRoot: String
  /// The folder of the results database.
  package let results: String
  private let display: any RunDisplay
  private let makeMachine: MakeRunMachine

  package init(
    projectRoot: String, results: String, display: any RunDisplay,
    machine: @escaping MakeRunMachine = { LocalMachine(workers: $0, scene: $1) }
  ) {
    self.projectRoot = projectRoot
    self.results = results
    self.display = display
    makeMachine = machine
  }

  /// Reads a spec; shows remarks, and throws with all mistakes if there are any.
  package func experiment(of spec: SpecRequest) throws(SessionError) -> Experiment {
    let reading = SpecReading(file: spec.path, overrides: spec.overrides)
    try check(reading.diagnostics)
    guard let experiment = reading.experiment else { throw .mistakes(reading.diagnostics) }
    return experiment
  }

  /// Plans a spec as it is now.
  package func prepare(_ spec: SpecRequest) async throws -> PreparedPlan {
    let experiment = try experiment(of: spec)
    let workers = Planning.workers(of: experiment, projectRoot: projectRoot)
    return try await prepare(workers, experiment.inheritedEnvironment) { versions, scene in
      let planning = Planning(
        of: experiment, versions: versions, files: scene.project, watch: scene.watch, projectRoot: projectRoot,
        cores: ProcessInfo.processInfo.activeProcessorCount)
      scene.keepDigests()
      try check(planning.diagnostics.filter { !spec.ignored.contains($0.code) })
      guard let plan = planning.plan else { throw SessionError.mistakes(planning.diagnostics) }
      return plan
    }
  }

  /// Takes up a frozen plan, unless its tasks, its input files or what its attempts were seen to read are no longer what they were.
  package func prepare(_ plan: Plan, of store: ResultsStore?) async throws -> PreparedPlan {
    try await prepare(plan.workers, plan.inheritedEnvironment) { versions, scene in
      var findings = plan.staleness(versions: versions, files: scene.project, current: scene.current())
      if findings.isEmpty {
        findings = plan.outdatedReads(
          history: try StoreHistory(store, plan: plan, scene: scene, timings: .sameMachine))
      }
      guard findings.isEmpty else {
        throw SessionError.stalePlan(hash: plan.hash, experiment: plan.experimentName, findings: findings)
      }
      return plan
    }
  }

  /// Plans a spec, and ends the workers that were asked for it.
  package func plan(_ spec: SpecRequest) async throws -> (plan: Plan, scene: InputScene) {
    let prepared = try await prepare(spec)
    await prepared.machine.executor.shutDown()
    return (prepared.plan, prepared.scene)
  }

  /// The part of a plan that meets conditions, such as `stage=NAME`; `nil` if there are none.
  package func selection(of plan: Plan, by conditions: [String]) throws(SessionError) -> JobSelection? {
    guard !conditions.isEmpty else { return nil }
    let (selection, diagnostics) = plan.selection(conditions)
    try check(diagnostics)
    return selection
  }

  /// Shows remarks, and throws all findings if a mistake is among them.
  private func check(_ diagnostics: [Diagnostic]) throws(SessionError) {
    if diagnostics.contains(where: { $0.severity == .error }) { throw .mistakes(diagnostics) }
    if !diagnostics.isEmpty { display.show(.remarks(diagnostics)) }
  }

  private func prepare(
    _ workers: [String: WorkerDefinition], _ inheritedEnvironment: [String],
    _ plan: (ToolVersions, InputScene) throws -> Plan
  ) async throws -> PreparedPlan {
    let scene = InputScene(
      projectRoot: projectRoot, results: results, inherited: InheritedEnvironment(inheritedEnvironment))
    let machine = makeMachine(workers, scene)
    do {
      let versions = try await machine.versions(of: workers.keys.sorted())
      return PreparedPlan(plan: try plan(versions, scene), machine: machine, versions: versions, scene: scene)
    } catch {
      await machine.executor.shutDown()
      throw error
    }
  }
}
