public import ExperimentSpec
import JSON

/// What came of planning an experiment: the frozen plan if there is no error, and every mistake and remark.
public struct Planning: Sendable {
  /// The plan; `nil` if any diagnostic is an error.
  public var plan: Plan?
  /// All mistakes and remarks.
  public var diagnostics: [Diagnostic]

  /// Expands an experiment into trials and jobs.
  ///
  /// Trials come in document order of the axes, the last one fastest. A stage has one job for all trials that do not differ in anything it
  /// mentions; jobs of a stage with the same fingerprint are one job.
  ///
  /// - Parameters:
  ///   - experiment: The checked experiment.
  ///   - versions: What the workers offer, see ``workers(of:projectRoot:)``.
  ///   - files: The content of input files.
  ///   - watch: Finds what jobs depend on besides their fingerprints; nothing is watched without it.
  ///   - projectRoot: The value of `${projectRoot}`; it does not enter fingerprints.
  ///   - cores: The size of the pool `cpu` if the spec does not give it.
  /// - Complexity: O(trials · stages).
  public init(
    of experiment: Experiment, versions: ToolVersions, files: any FileDigesting, watch: InputWatch? = nil,
    projectRoot: String, cores: Int
  ) {
    let collector = DiagnosticCollector()
    let report: (Diagnostic) -> Void = { collector.list.add($0) }
    let resources = experiment.resources.merging(["cpu": max(1, cores)]) { own, _ in own }
    let table = TrialExpansion(experiment: experiment).table(report)
    let isExpanded = !collector.list.hasErrors
    Self.checkResources(experiment, resources, report)
    if isExpanded {
      let scope = VariableScope(experiment: experiment, table: table, projectRoot: projectRoot)
      let inputFiles = InputFiles(files: files, sources: experiment.sources, report: report)
      var builder = PlanBuilder(
        experiment: experiment, table: table, scope: scope, versions: versions, inputFiles: inputFiles, watch: watch,
        report: report)
      builder.build()
      if !collector.list.hasErrors {
        plan = Plan(
          experimentName: experiment.name, canonicalSpec: CanonicalJSON.text(of: experiment.resolved),
          trials: table.trials,
          jobs: builder.jobs, workers: Self.workers(of: experiment, projectRoot: projectRoot), resources: resources,
          poolIndices: experiment.indexedPools.mapValues { PoolIndices($0.indices, variable: $0.variable) },
          inheritedEnvironment: experiment.inheritedEnvironment, watchLists: builder.watchLists)
      }
    }
    diagnostics = collector.list.sorted
  }

  /// Returns how to start the workers whose tasks an experiment uses, so that their versions can be asked for before planning.
  ///
  /// - Parameters:
  ///   - experiment: The checked experiment.
  ///   - projectRoot: The value of `${projectRoot}`.
  /// - Returns: Definitions by worker name; workers without a task in any stage are left out.
  public static func workers(of experiment: Experiment, projectRoot: String) -> [String: WorkerDefinition] {
    var used: Set<String> = []
    for case .task(let worker, _) in experiment.stages.map(\.action) { used.insert(worker) }
    let scope = VariableScope(
      experiment: experiment, table: TrialTable(variables: [], values: []), projectRoot: projectRoot)
    var definitions: [String: WorkerDefinition] = [:]
    for worker in experiment.workers where used.contains(worker.name) {
      definitions[worker.name] = WorkerDefinition(
        command: worker.command.map { scope.text($0, trial: 0) }, count: worker.count,
        environment: Dictionary(
          worker.environment.map { ($0.name, scope.text($0.value, trial: 0)) }, uniquingKeysWith: { $1 }),
        maximumRequests: worker.maximumRequests)
    }
    return definitions
  }

  private static func checkResources(
    _ experiment: Experiment, _ resources: [String: Int], _ report: (Diagnostic) -> Void
  ) {
    for stage in experiment.stages {
      for (name, amount) in stage.resources.sorted(by: { $0.key < $1.key }) {
        guard let pool = resources[name], amount > pool else { continue }
        report(
          Diagnostic(
            .beyondPool(stage: stage.name, amount: amount, pool: name, size: pool),
            at: experiment.sources.excerpt(of: stage.place)))
      }
    }
  }
}

/// Diagnostics of one planning, on one thread.
private final class DiagnosticCollector {
  var list = DiagnosticList()
}
