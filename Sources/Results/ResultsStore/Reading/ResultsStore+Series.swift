public import AttemptModel
import GRDB
public import JSON

/// One run of an experiment as a point of its series.
public struct SeriesRun<Value: Sendable>: Sendable {
  /// Row id.
  public var id: Int64
  /// How it ended.
  public var state: RunState
  /// ISO 8601 UTC.
  public var startedAt: String
  /// Commit of the project, or "unknown".
  public var commit: String
  /// Whether the work tree differed from the commit.
  public var isDirty: Bool
  /// The resolved spec.
  public var spec: JSONValue
  /// Its jobs in plan order.
  public var jobs: [SeriesJob<Value>]

  package init(
    id: Int64, state: RunState, startedAt: String, commit: String, isDirty: Bool, spec: JSONValue,
    jobs: [SeriesJob<Value>]
  ) {
    self.id = id
    self.state = state
    self.startedAt = startedAt
    self.commit = commit
    self.isDirty = isDirty
    self.spec = spec
    self.jobs = jobs
  }
}

/// One job of a run of a series.
public struct SeriesJob<Value: Sendable>: Sendable {
  /// The stage.
  public var stage: String
  /// The axes that tell this job from others of its stage, in axis order.
  public var axes: [(name: String, value: JSONValue)]
  /// How far it has come.
  public var state: JobState
  /// The deciding attempt; nil if there was none.
  public var attempt: Int64?
  /// Whether this very run made the attempt.
  public var isOwn: Bool
  /// Why the result does not count any more, if it was invalidated.
  public var invalidReason: String?
  /// Whether the machine was quiet around a timed attempt; nil if unknown.
  public var isQuiet: Bool?
  /// Processors that other work kept busy around it, the greater of before and during; nil if unknown.
  public var load: Double?
  /// What the samples were condensed to; nil without a result.
  public var value: Value?

  package init(
    stage: String, axes: [(name: String, value: JSONValue)] = [], state: JobState = .done, attempt: Int64?,
    isOwn: Bool = true, invalidReason: String? = nil, isQuiet: Bool? = nil, load: Double? = nil, value: Value?
  ) {
    self.stage = stage
    self.axes = axes
    self.state = state
    self.attempt = attempt
    self.isOwn = isOwn
    self.invalidReason = invalidReason
    self.isQuiet = isQuiet
    self.load = load
    self.value = value
  }
}

extension ResultsStore {
  /// Returns the latest ended runs of an experiment on one machine with their measurements, read in one snapshot.
  ///
  /// Samples are condensed attempt by attempt, so that a long series does not fill the memory.
  ///
  /// - Parameters:
  ///   - experiment: Name of the experiment.
  ///   - machine: Hex fingerprint of the machine; nil for that of the latest run.
  ///   - limit: Most runs.
  ///   - condense: Makes a value of the samples of an attempt that are not warm-ups, in the order reported.
  /// - Returns: The machine, and its runs, the first one first; empty if there are none.
  /// - Throws: `StoreError` if the database cannot be read.
  /// - Complexity: O(jobs + samples) of those runs.
  public func series<Value: Sendable>(
    of experiment: String, machine: String? = nil, limit: Int = 200,
    condensing condense: @escaping ([SampleResult]) -> Value
  ) throws(StoreError) -> (machine: String, runs: [SeriesRun<Value>]) {
    try read { database in
      let named = try machine ?? Self.latestMachine(of: experiment, in: database)
      guard let named else { return ("", []) }
      var reader = SeriesReader(database: database, metrics: try MetricNames(in: database), condense: condense)
      let runs = try database.rows(
        sql: """
          SELECT run.id, run.state, run.started_at, code_state.commit_id, code_state.is_dirty, spec.canonical, plan.id, plan.axes
          FROM \(Self.runTables) WHERE spec.name = ? AND machine.fingerprint = ? AND run.state <> 'running'
          ORDER BY run.sequence DESC, run.uid DESC LIMIT ?
          """,
        arguments: [experiment, named, limit]
      ) { row in
        SeriesRun(
          id: try row[0], state: try row[1], startedAt: try row[2], commit: try row[3], isDirty: try row[4],
          spec: try row[5], jobs: try reader.jobs(run: row[0], plan: row[6], axes: row[7]))
      }
      return (named, runs.reversed())
    }
  }

  /// Returns how many ended runs of an experiment each machine has.
  ///
  /// - Parameter experiment: Name of the experiment.
  /// - Returns: Counts by hex fingerprint.
  /// - Throws: `StoreError` if the database cannot be read.
  public func endedRuns(of experiment: String) throws(StoreError) -> [String: Int] {
    try read { database in
      var counts: [String: Int] = [:]
      try database.forEachRow(
        sql: """
          SELECT machine.fingerprint, count(*) FROM \(Self.runTables)
          WHERE spec.name = ? AND run.state <> 'running' GROUP BY machine.fingerprint
          """,
        arguments: [experiment]
      ) { counts[try $0[0]] = try $0[1] }
      return counts
    }
  }

  private static func latestMachine(of experiment: String, in database: Database) throws -> String? {
    try String.fetchOne(
      database,
      sql: """
        SELECT machine.fingerprint FROM \(runTables) WHERE spec.name = ? AND run.state <> 'running'
        ORDER BY run.sequence DESC, run.uid DESC LIMIT 1
        """,
      arguments: [experiment])
  }
}

/// Reads the jobs of runs; what belongs to a plan is read once.
private struct SeriesReader<Value: Sendable> {
  let database: Database
  let metrics: MetricNames
  let condense: ([SampleResult]) -> Value
  private var axesOfJobs: [Int64: [Int: [(name: String, value: JSONValue)]]] = [:]
  /// Attempts that several runs used are condensed once.
  private var values: [Int64: Value] = [:]

  init(
    database: Database, metrics: MetricNames, condense: @escaping ([SampleResult]) -> Value
  ) {
    self.database = database
    self.metrics = metrics
    self.condense = condense
  }

  mutating func jobs(run: Int64, plan: Int64, axes: JSONValue) throws -> [SeriesJob<Value>] {
    let distinguished = try axesOfJobs[plan] ?? distinguishingAxes(plan: plan, axes: axes)
    axesOfJobs[plan] = distinguished
    let query = try database.cachedStatement(
      sql: """
        SELECT job.position, job.stage, run_job.state, attempt.id, attempt.run_id, attempt.invalid_reason,
          timing_condition.is_quiet, max(coalesce(load_before, load_during), coalesce(load_during, load_before))
        FROM run_job JOIN job ON job.plan_id = run_job.plan_id AND job.position = run_job.job_position
        LEFT JOIN attempt ON attempt.id = run_job.attempt_id
        LEFT JOIN timing_condition ON timing_condition.attempt_id = attempt.id
        WHERE run_job.run_id = ? ORDER BY job.position
        """)
    return try query.rows([run]) { row in
      let attempt: Int64? = try row[3]
      let state: JobState = try row[2]
      let made: Int64? = try row[4]
      let hasResult = state.hasResult
      return SeriesJob(
        stage: try row[1], axes: distinguished[try row[0]] ?? [],
        state: state.isOpen ? .planned : state, attempt: attempt, isOwn: made == run,
        invalidReason: try row[5], isQuiet: try row[6], load: try row[7],
        value: try hasResult ? attempt.map { try value(ofAttempt: $0) } : nil)
    }
  }

  private mutating func value(ofAttempt id: Int64) throws -> Value {
    if let known = values[id] { return known }
    let query = try database.cachedStatement(
      sql: "SELECT \(ResultsStore.sampleColumns) FROM sample WHERE attempt_id = ? AND is_warmup = 0 ORDER BY ordinal")
    let samples = try query.rows([id]) { try ResultsStore.sample(from: $0, metrics: metrics) }
    let value = condense(samples)
    values[id] = value
    return value
  }

  /// For each job the axes whose value is the same in all its trials, but not in all of the plan's.
  private func distinguishingAxes(
    plan: Int64, axes: JSONValue
  ) throws -> [Int: [(name: String, value: JSONValue)]] {
    let names = axes.arrayValue?.compactMap(\.stringValue) ?? []
    var assignments: [Int: [String: JSONValue]] = [:]
    try database.forEachRow(sql: "SELECT position, assignment FROM trial WHERE plan_id = ?", arguments: [plan]) {
      let members = (try $0[1] as JSONValue).objectValue ?? []
      assignments[try $0[0]] = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    let varying = names.filter { name in Set(assignments.values.map { $0[name] }).count > 1 }
    var served: [Int: [Int]] = [:]
    try database.forEachRow(
      sql: "SELECT job_position, trial_position FROM job_trial WHERE plan_id = ? ORDER BY trial_position",
      arguments: [plan]
    ) { served[try $0[0], default: []].append(try $0[1]) }
    return served.mapValues { positions in
      varying.compactMap { name in
        let found = Set(positions.map { assignments[$0]?[name] })
        guard found.count == 1, let value = found.first.flatMap(\.self) else { return nil }
        return (name: name, value: value)
      }
    }
  }
}
