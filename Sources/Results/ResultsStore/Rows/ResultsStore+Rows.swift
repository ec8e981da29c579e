import AttemptModel
import Digest
import GRDB
import JSON

/// Reading of single kinds of rows, shared by the queries.
extension ResultsStore {
  static let attemptColumns = """
    attempt.id, attempt.number, attempt.exit_kind, attempt.state, \(beginning(of: "attempt.message")), attempt.started_ns, attempt.ended_ns,
    attempt.stage, attempt.fingerprint, attempt.run_id, attempt.started_at, attempt.user_seconds, attempt.system_seconds,
    attempt.max_rss_bytes, attempt.minor_faults, attempt.major_faults, \(beginning(of: "attempt.invalid_reason"))
    """

  /// Characters of a text for people that are read; this program writes no longer ones, but others may.
  private static let textLimit = 5000

  /// Returns SQL for a text, or for its beginning and its length.
  ///
  /// - Parameter column: A column with text.
  /// - Returns: An expression.
  static func beginning(of column: String) -> String {
    """
    CASE WHEN length(\(column)) > \(textLimit)
      THEN substr(\(column), 1, \(textLimit)) || '… (' || length(\(column)) || ' characters)' ELSE \(column) END
    """
  }

  /// Makes an attempt of a row of `attemptColumns`, without samples and artifacts.
  static func attempt(from row: StoredRow) throws -> AttemptResults {
    let start: Int64 = try row[5]
    let end: Int64? = try row[6]
    var usage: ResourceUsage?
    if let user: Double = try row[11], let system: Double = try row[12], let memory: Int64 = try row[13],
      let minor: Int64 = try row[14], let major: Int64 = try row[15]
    {
      usage = ResourceUsage(
        userSeconds: user, systemSeconds: system, maximumResidentBytes: memory, minorPageFaults: minor,
        majorPageFaults: major)
    }
    let exitKind: ExitKind? = try row[2]
    var attempt = AttemptResults(
      id: try row[0], number: try row[1], state: try exitKind.map { .ended($0) } ?? row[3], message: try row[4],
      durationSeconds: end.map { TimePoint.seconds(from: start, to: $0) } ?? 0, samples: [], artifacts: [],
      stage: try row[7], fingerprint: try row[8], run: try row[9], startedAt: try row[10], usage: usage)
    attempt.invalidReason = try row[16]
    return attempt
  }

  static let sampleColumns = "metric_id, repetition, is_warmup, block, position, value, special"

  /// Makes a sample of a row of `sampleColumns`.
  static func sample(from row: StoredRow, metrics: MetricNames) throws -> SampleResult {
    let metric = try metrics[row[0]]
    let special: String? = try row[6]
    return SampleResult(
      metric: metric.name, unit: metric.unit, repetition: try row[1], isWarmup: try row[2], block: try row[3],
      position: try row[4], value: try special.map(FinishedAttempt.value(ofSpecial:)) ?? row[5])
  }

  /// A look-up of the stored files of an attempt, by name.
  private static let artifactQuery =
    "SELECT name, sha256, byte_count, media_type FROM artifact WHERE attempt_id = ? ORDER BY name"

  /// Makes a stored file of a row of `artifactQuery`.
  private func artifact(from row: StoredRow) throws -> ArtifactResult {
    let digest: SHA256Digest = try row[1]
    return ArtifactResult(
      name: try row[0], digest: digest.hex, byteCount: try row[2], mediaType: try row[3],
      path: artifacts.path(of: digest))
  }

  /// Adds samples and artifacts to attempts.
  ///
  /// - Parameters:
  ///   - attempts: Attempts without them.
  ///   - wanted: Names of the metrics whose samples are added; all of them if left out.
  ///   - database: Where they are.
  /// - Returns: The attempts in the same order.
  /// - Throws: `StoreError` or an error of SQLite.
  func withSamplesAndArtifacts(
    _ attempts: [AttemptResults], metrics wanted: Set<String>? = nil, in database: Database
  ) throws -> [AttemptResults] {
    let metrics = try MetricNames(in: database)
    let chosen = try wanted.map { try metrics.ids(of: $0) }
    // SQLite makes an index of a list anew with each attempt.
    let isShort = chosen.map { $0.count <= 100 } ?? false
    let condition = isShort ? " AND metric_id IN (\((chosen ?? []).map(String.init).joined(separator: ", ")))" : ""
    let isWanted = isShort ? nil : chosen.map(Set.init)
    let conditions = try TimingConditions.all(of: attempts.map(\.id), in: database)
    let samplesOf = try RowLookup(
      "SELECT \(Self.sampleColumns) FROM sample WHERE attempt_id = ?\(condition) ORDER BY ordinal", in: database)
    let artifactsOf = try RowLookup(Self.artifactQuery, in: database)
    var samples: [SampleResult] = []
    var whole = attempts
    for index in whole.indices {
      let id = whole[index].id
      samples.removeAll(keepingCapacity: true)
      if chosen?.isEmpty != true {
        try samplesOf.forEachRow(id) { row in
          let metric: Int64 = try row[0]
          if let isWanted, !isWanted.contains(metric) { return }
          samples.append(try Self.sample(from: row, metrics: metrics))
        }
      }
      // A copy has no room to grow, which a million samples would pay for in memory.
      whole[index].samples = samples.map(\.self)
      try artifactsOf.forEachRow(id) { whole[index].artifacts.append(try artifact(from: $0)) }
      whole[index].conditions = conditions[id]
    }
    return whole
  }

  static let runColumns = """
    run.id, run.state, run.started_at, code_state.commit_id, code_state.is_dirty, spec.name, plan.hash, run.ended_at,
    run.tool_version, machine.cpu_model, machine.cores, machine.memory_bytes, machine.kernel, machine.is_virtualized,
    machine.fingerprint, run.boot_id, run.pid, run.process_start
    """

  static let runTables = """
    run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
    JOIN machine ON machine.id = run.machine_id JOIN code_state ON code_state.id = run.code_state_id
    """

  /// Reads one run; nil if there is none with that id.
  static func run(_ id: Int64, in database: Database) throws -> RunSummary? {
    try database.firstRow(sql: "SELECT \(runColumns) FROM \(runTables) WHERE run.id = ?", arguments: [id]) {
      try run(from: $0, in: database)
    }
  }

  /// Makes a run of a row of `runColumns`.
  static func run(from row: StoredRow, in database: Database) throws -> RunSummary {
    let machine: JSONValue = [
      "cpuModel": .string(try row[9]), "cores": .integer(try row[10]), "memoryBytes": .integer(try row[11]),
      "kernel": .string(try row[12]), "virtualized": .bool(try row[13]), "fingerprint": .string(try row[14]),
    ]
    let id: Int64 = try row[0]
    var state: RunState = try row[1]
    if state == .running {
      // A reader may not write what the next writer will: that the process is gone.
      let owner = ProcessIdentity(bootID: try row[15], pid: try row[16], startTicks: try row[17])
      if !owner.isAlive { state = .ended(.interrupted) }
    }
    var counts: [JobState: Int] = [:]
    try database.forEachRow(
      sql: "SELECT state, count(*) FROM run_job WHERE run_id = ? GROUP BY state", arguments: [id]
    ) { counts[try $0[0]] = try $0[1] }
    return RunSummary(
      id: id, state: state, startedAt: try row[2], commit: try row[3], isDirty: try row[4], machine: machine,
      experiment: try row[5], planHash: try row[6], endedAt: try row[7], toolVersion: try row[8], jobCounts: counts)
  }
}
