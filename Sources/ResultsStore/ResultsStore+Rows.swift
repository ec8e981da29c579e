import Digest
import GRDB
import JSON

/// Reading of single kinds of rows, shared by the queries.
extension ResultsStore {
  static let attemptColumns = """
    attempt.id, attempt.number, attempt.exit_kind, attempt.state, attempt.message, attempt.started_ns, attempt.ended_ns,
    attempt.stage, attempt.fingerprint, attempt.run_id, attempt.started_at, attempt.user_seconds, attempt.system_seconds,
    attempt.max_rss_bytes, attempt.minor_faults, attempt.major_faults, attempt.invalid_reason
    """

  /// Makes an attempt of a row of `attemptColumns`, without samples and artifacts.
  static func attempt(from row: Row) -> AttemptResults {
    let start: Int64 = row[5]
    let end: Int64? = row[6]
    var usage: ResourceUsage?
    if let user: Double = row[11], let system: Double = row[12], let memory: Int64 = row[13],
      let minor: Int64 = row[14],
      let major: Int64 = row[15]
    {
      usage = ResourceUsage(
        userSeconds: user, systemSeconds: system, maximumResidentBytes: memory, minorPageFaults: minor,
        majorPageFaults: major)
    }
    var attempt = AttemptResults(
      id: row[0], number: row[1], exitKind: row[2] ?? row[3], message: row[4],
      durationSeconds: end.map { Double($0 - start) / 1e9 } ?? 0, samples: [], artifacts: [], stage: row[7],
      fingerprint: row[8], run: row[9], startedAt: row[10], usage: usage)
    attempt.invalidReason = row[16]
    return attempt
  }

  static let sampleColumns = "metric_id, repetition, is_warmup, block, position, value, special"

  /// Makes a sample of a row of `sampleColumns`.
  static func sample(from row: Row, metrics: [Int64: (name: String, unit: String)]) -> SampleResult {
    let metric = metrics[row[0]] ?? (name: "", unit: "")
    let special: String? = row[6]
    return SampleResult(
      metric: metric.name, unit: metric.unit, repetition: row[1], isWarmup: row[2], block: row[3], position: row[4],
      value: special.map(FinishedAttempt.value(ofSpecial:)) ?? row[5])
  }

  /// The stored files of one attempt, by name.
  func artifactResults(attempt id: Int64, in database: Database) throws -> [ArtifactResult] {
    let statement = try database.cachedStatement(
      sql: "SELECT name, sha256, byte_count, media_type FROM artifact WHERE attempt_id = ? ORDER BY name")
    return try Row.fetchAll(statement, arguments: [id]).map { row in
      ArtifactResult(
        name: row[0], digest: row[1], byteCount: row[2], mediaType: row[3], path: artifacts.path(ofHex: row[1]))
    }
  }

  /// Adds samples and artifacts to attempts.
  func complete(_ attempts: [AttemptResults], in database: Database) throws -> [AttemptResults] {
    // Names are read once, not with each of a million samples.
    let metrics = Dictionary(
      try Row.fetchAll(database, sql: "SELECT id, name, unit FROM metric").map { row in
        (row[0] as Int64, (name: row[1] as String, unit: row[2] as String))
      }, uniquingKeysWith: { first, _ in first })
    let conditions = try TimingConditions.all(of: attempts.map(\.id), in: database)
    let statement = try database.cachedStatement(
      sql: "SELECT \(Self.sampleColumns) FROM sample WHERE attempt_id = ? ORDER BY ordinal")
    var samples: [SampleResult] = []
    return try attempts.map { attempt in
      var whole = attempt
      samples.removeAll(keepingCapacity: true)
      let rows = try Row.fetchCursor(statement, arguments: [attempt.id])
      while let row = try rows.next() { samples.append(Self.sample(from: row, metrics: metrics)) }
      // A copy has no room to grow, which a million samples would pay for in memory.
      whole.samples = samples.map(\.self)
      whole.artifacts = try artifactResults(attempt: attempt.id, in: database)
      whole.conditions = conditions[attempt.id]
      return whole
    }
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

  /// Makes a run of a row of `runColumns`.
  static func run(from row: Row, in database: Database) throws -> RunSummary {
    let machine: JSONValue = [
      "cpuModel": .string(row[9]), "cores": .integer(row[10]), "memoryBytes": .integer(row[11]),
      "kernel": .string(row[12]),
      "virtualized": .bool(row[13]), "fingerprint": .string(row[14]),
    ]
    let id: Int64 = row[0]
    var state: String = row[1]
    if state == "running" {
      // A reader may not write what the next writer will: that the process is gone.
      let owner = ProcessIdentity(bootID: row[15], pid: row[16], startTicks: row[17])
      if !owner.isAlive { state = "interrupted" }
    }
    let counts = try Row.fetchAll(
      database, sql: "SELECT state, count(*) FROM run_job WHERE run_id = ? GROUP BY state", arguments: [id])
    return RunSummary(
      id: id, state: state, startedAt: row[2], commit: row[3], isDirty: row[4], machine: machine, experiment: row[5],
      planHash: row[6], endedAt: row[7], toolVersion: row[8],
      jobCounts: Dictionary(counts.map { ($0[0] as String, $0[1] as Int) }, uniquingKeysWith: { first, _ in first }))
  }
}
