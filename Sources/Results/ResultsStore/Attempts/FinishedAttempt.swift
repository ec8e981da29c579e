import AttemptModel
import Digest
import GRDB
import InputTracing
import JSON

/// The end of an attempt with its files already stored: what a transaction, or a manifest, contains.
struct FinishedAttempt: Sendable, Equatable {
  var exitKind: ExitKind
  var message: String?
  var samples: [SampleResult]
  var artifacts: [StoredArtifact]
  var start: TimePoint?
  var end: TimePoint
  var loadAtEnd: LoadReading
  var usage: ResourceUsage?
  var worker: WorkerWarmth?
  var conditions: TimingConditions?
  var trace: InputTrace?
  var exitCode: Int?
  var signal: Int?
  var warnings: [String] = []

  /// Writes everything of the attempt's end; false if the attempt is not under way.
  func commit(attempt id: Int64, run: Int64, job: Int, eventKind: String, in database: Database) throws -> Bool {
    try updateAttempt(id, in: database)
    guard database.changesCount == 1 else { return false }
    try insertSamples(attempt: id, in: database)
    try conditions?.insert(attempt: id, in: database)
    try insertArtifacts(attempt: id, in: database)
    let reason = exitKind == .succeeded ? "" : message ?? exitKind.rawValue
    let change = JobStateChange(job: job, state: exitKind.jobState, attempt: id, reason: reason)
    try ResultsStore.apply(change, run: run, in: database)
    try Event(kind: eventKind, run: run, attempt: id, detail: reason).insert(in: database)
    return true
  }

  private func insertArtifacts(attempt id: Int64, in database: Database) throws {
    guard !artifacts.isEmpty else { return }
    let statement = try database.cachedStatement(
      sql: "INSERT INTO artifact (attempt_id, name, sha256, byte_count, media_type) VALUES (?, ?, ?, ?, ?)")
    let keepContent = try database.cachedStatement(sql: "DELETE FROM freed_content WHERE sha256 = ?")
    for artifact in artifacts {
      try statement.execute(
        arguments: [id, artifact.name, artifact.digest.hex, artifact.byteCount, artifact.mediaType])
      try keepContent.execute(arguments: [artifact.digest.hex])
    }
  }

  private func updateAttempt(_ id: Int64, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        UPDATE attempt SET state = ?, exit_kind = ?, message = ?,
          started_at = coalesce(?, started_at), started_ns = coalesce(?, started_ns), ended_at = ?, ended_ns = ?,
          load_end = ?, cpu_pressure_end = ?, memory_pressure_end = ?, io_pressure_end = ?,
          user_seconds = ?, system_seconds = ?, max_rss_bytes = ?, minor_faults = ?, major_faults = ?,
          worker_request = ?, worker_age_seconds = ?, exit_code = ?, signal = ?, warnings = ?,
          input_set_id = ?, consumed = ?, observation_gap = ?
        WHERE id = ? AND state IN ('leased', 'running')
        """)
    statement.setUncheckedArguments([
      exitKind.attemptState, exitKind.rawValue, message, start?.iso8601, start?.monotonicNanoseconds, end.iso8601,
      end.monotonicNanoseconds, loadAtEnd.storedLoadAverage, loadAtEnd.cpuPressure, loadAtEnd.memoryPressure,
      loadAtEnd.ioPressure, usage?.userSeconds, usage?.systemSeconds, usage?.maximumResidentBytes,
      usage?.minorPageFaults, usage?.majorPageFaults, worker?.request, worker?.ageSeconds, exitCode, signal,
      warnings.isEmpty ? nil : CanonicalJSON.text(of: .array(warnings.map { .string($0) })),
      try trace.map { try StoredInputSet.id(of: $0, in: database) }, trace?.consumed?.hex, trace?.gap, id,
    ])
    try statement.execute()
  }

  private func insertSamples(attempt id: Int64, in database: Database) throws {
    guard !samples.isEmpty else { return }
    var metrics: [MetricName: Int64] = [:]
    var insertion = try RowInsertion(
      """
      INSERT INTO sample (attempt_id, ordinal, metric_id, repetition, is_warmup, block, position, value, special)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, in: database)
    for (ordinal, sample) in samples.enumerated() {
      let name = MetricName(metric: sample.metric, unit: sample.unit)
      let metric = try metrics[name] ?? Self.metricID(sample, in: database)
      metrics[name] = metric
      insertion.bind(id)
      insertion.bind(ordinal)
      insertion.bind(metric)
      insertion.bind(sample.repetition)
      insertion.bind(sample.isWarmup ? 1 : 0)
      insertion.bind(sample.block)
      insertion.bind(sample.position)
      insertion.bind(sample.value.isFinite ? sample.value : nil)
      insertion.bind(sample.value.isFinite ? nil : Self.specialName(of: sample.value))
      try insertion.execute()
    }
  }

  private struct MetricName: Hashable {
    var metric: String
    var unit: String
  }

  private static func metricID(_ sample: SampleResult, in database: Database) throws -> Int64 {
    let find = try database.cachedStatement(sql: "SELECT id FROM metric WHERE name = ? AND unit = ?")
    if let known = try Int64.fetchOne(find, arguments: [sample.metric, sample.unit]) { return known }
    let insertion = try database.cachedStatement(sql: "INSERT INTO metric (name, unit) VALUES (?, ?)")
    try insertion.execute(arguments: [sample.metric, sample.unit])
    return database.lastInsertedRowID
  }

  /// The name of a value that SQLite has no number for.
  static func specialName(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value < 0 ? "-Infinity" : "Infinity"
  }

  /// The value of a name made by `specialName(of:)`.
  static func value(ofSpecial name: String) -> Double {
    switch name {
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: .nan
    }
  }
}

extension FinishedAttempt {
  /// What a report says, with its files stored.
  init(_ report: AttemptReport, artifacts: [StoredArtifact]) {
    self.init(
      exitKind: report.exitKind, message: report.message, samples: report.samples, artifacts: artifacts,
      start: report.start, end: report.end, loadAtEnd: report.loadAtEnd, usage: report.usage, worker: report.worker,
      conditions: report.conditions, trace: report.trace, exitCode: report.exitCode, signal: report.signal,
      warnings: report.warnings)
  }
}
