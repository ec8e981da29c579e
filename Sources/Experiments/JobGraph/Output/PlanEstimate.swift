import AttemptModel

/// How long the jobs of a plan will take, by the durations of earlier runs.
public struct PlanEstimate: Sendable, Hashable {
  /// The durations of all jobs together, in seconds.
  public let workSeconds: Double
  /// The least possible duration of a run on this machine, in seconds: timed jobs one after the other, and for the rest the longest chain or
  /// the most wanted pool, whichever takes longer.
  public let wallSeconds: Double
  /// Stages without an earlier run, in plan order; each of their jobs is taken as one second.
  public let unknownStages: [String]

  /// Estimates some jobs of a plan.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - runs: For each job, whether it will run.
  ///   - stageSeconds: Duration of one job by stage, as far as known.
  /// - Complexity: O(jobs + edges).
  public init(of plan: Plan, runs: [Bool], stageSeconds: [String: Double]) {
    var unknown: [String] = []
    var timed = 0.0
    var work = 0.0
    var loads: [String: Double] = [:]
    var workerLoads: [String: Double] = [:]
    var durations = [Double](repeating: 0, count: plan.jobs.count)
    for job in plan.jobs where runs[job.index] {
      if stageSeconds[job.stage] == nil, !unknown.contains(job.stage) { unknown.append(job.stage) }
      let seconds = stageSeconds[job.stage] ?? 1
      work += seconds
      guard job.lane == .throughput else {
        timed += seconds
        continue
      }
      durations[job.index] = seconds
      for (pool, amount) in job.resources {
        guard let size = plan.resources[pool], size > 0 else { continue }
        loads[pool, default: 0] += seconds * Double(amount) / Double(size)
      }
      if case .task(let worker, _) = job.action, let count = plan.workers[worker]?.count {
        workerLoads[worker, default: 0] += seconds / Double(count)
      }
    }
    let chain = JobDependencies(of: plan.jobs).criticalPathLengths(durations: durations).max() ?? 0
    workSeconds = work
    wallSeconds = timed + max(chain, loads.values.max() ?? 0, workerLoads.values.max() ?? 0)
    unknownStages = unknown
  }
}
