import AttemptModel
import GRDB
import JSON

extension ResultsStore {
  /// Returns everything a report needs of the latest run of an experiment, read in one snapshot.
  ///
  /// - Parameters:
  ///   - name: Name of the experiment.
  ///   - metrics: Names of the metrics whose samples are read; all of them if left out.
  /// - Returns: The run, its trials and jobs in plan order, and the attempt that decided each job.
  /// - Throws: `StoreError`, `.notFound` with the known names if the experiment has no run.
  /// - Complexity: O(jobs + samples) of the run.
  public func experimentResults(name: String, metrics: Set<String>? = nil) throws(StoreError) -> ExperimentResults {
    let results = try read { database -> ExperimentResults? in
      try database.firstRow(
        sql: """
          SELECT run.id, plan.id, plan.axes, spec.canonical FROM run JOIN plan ON plan.id = run.plan_id
          JOIN spec ON spec.id = plan.spec_id WHERE spec.name = ?
          ORDER BY run.sequence DESC, run.uid DESC LIMIT 1
          """,
        arguments: [name]
      ) { try self.results(run: $0[0], plan: $0[1], axes: $0[2], spec: $0[3], metrics, in: database) }.flatMap(\.self)
    }
    if let results { return results }
    let known = try experimentNames().joined(separator: ", ")
    throw StoreError(
      code: .notFound,
      message:
        "no run of an experiment '\(name)' is in '\(path)' (known: \(known.isEmpty ? "none" : known)); run it first",
      path: path)
  }

  private func results(
    run: Int64, plan: Int64, axes: JSONValue, spec: JSONValue, _ metrics: Set<String>?, in database: Database
  ) throws -> ExperimentResults? {
    guard let summary = try Self.run(run, in: database) else { return nil }
    let order = axes.arrayValue?.compactMap(\.stringValue) ?? []
    let trials = try database.rows(
      sql: "SELECT position, assignment FROM trial WHERE plan_id = ? ORDER BY position", arguments: [plan]
    ) { try Self.trial(index: $0[0], assignment: $0[1], order: order) }
    return ExperimentResults(
      name: summary.experiment, spec: spec, planHash: summary.planHash, run: summary,
      trials: trials, jobs: try jobs(run: run, plan: plan, metrics, in: database))
  }

  private static func trial(index: Int, assignment: JSONValue, order: [String]) -> TrialResults {
    let members = assignment.objectValue ?? []
    let ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let sorted = members.sorted { (ranks[$0.key] ?? .max, $0.key) < (ranks[$1.key] ?? .max, $1.key) }
    return TrialResults(index: index, assignment: sorted.map { (name: $0.key, value: $0.value) })
  }

  private func jobs(
    run: Int64, plan: Int64, _ metrics: Set<String>?, in database: Database
  ) throws -> [JobResults] {
    var served: [Int: [Int]] = [:]
    try database.forEachRow(
      sql: "SELECT job_position, trial_position FROM job_trial WHERE plan_id = ? ORDER BY trial_position",
      arguments: [plan]
    ) { served[try $0[0], default: []].append(try $0[1]) }

    let deciding = try database.rows(
      sql: """
        SELECT \(Self.attemptColumns) FROM attempt
        WHERE id IN (SELECT attempt_id FROM run_job WHERE run_id = ? AND attempt_id IS NOT NULL)
        """,
      arguments: [run], Self.attempt(from:))
    let attempts = Dictionary(
      try withSamplesAndArtifacts(deciding, metrics: metrics, in: database).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })

    return try database.rows(
      sql: """
        SELECT job.position, job.stage, job.fingerprint, run_job.state, run_job.attempt_id,
          \(Self.beginning(of: "run_job.reason"))
        FROM run_job JOIN job ON job.plan_id = run_job.plan_id AND job.position = run_job.job_position
        WHERE run_job.run_id = ? ORDER BY job.position
        """,
      arguments: [run]
    ) { row in
      let index: Int = try row[0]
      let state: JobState = try row[3]
      let attempt: Int64? = try row[4]
      return JobResults(
        index: index, stage: try row[1], trials: served[index] ?? [],
        state: state.isOpen ? .planned : state, fingerprint: try row[2],
        attempt: attempt.flatMap { attempts[$0] }, reason: try row[5])
    }
  }
}
