public import JobGraph

/// A plan that can be scheduled: every demand can be met, and it is known which jobs may start.
public struct Schedule: Sendable {
  let plan: Plan
  let options: Scheduler.Options
  /// Jobs that an earlier run has done, with the absolute paths of their artifacts by name.
  let satisfied: [Int: [String: String]]
  let core: SchedulerCore

  /// Checks a plan.
  ///
  /// - Parameters:
  ///   - plan: The frozen plan.
  ///   - options: Choices of the run.
  ///   - satisfied: Jobs that an earlier run has done, with the absolute paths of their artifacts by name.
  /// - Throws: `SchedulingError` for a demand that no empty machine meets, an undefined worker, or a malformed graph.
  public init(
    _ plan: Plan, options: Scheduler.Options, satisfied: [Int: [String: String]] = [:]
  ) throws(SchedulingError) {
    self.plan = plan
    self.options = options
    self.satisfied = satisfied
    core = try SchedulerCore(
      jobs: plan.jobs,
      configuration: SchedulerCore.Configuration(
        pools: plan.resources, workers: plan.workers.mapValues(\.count), failurePolicy: options.failurePolicy,
        retryPolicy: options.retryPolicy, maximumRunning: options.maximumRunning),
      satisfied: Set(satisfied.keys), expectedSeconds: options.expectedSeconds)
  }

  /// Positions of the jobs that need nothing but what is there, ascending.
  public var readyJobs: [Int] { core.states.indices.filter { core.states[$0] == .ready } }
}
