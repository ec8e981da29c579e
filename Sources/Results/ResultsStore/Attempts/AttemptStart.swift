import AttemptModel
import GRDB

/// What is known of an attempt when it begins, and its row then.
struct AttemptStart: Sendable {
  var id: Int64
  var run: Int64
  var job: Int
  /// 1 for the job's first attempt in the run.
  var number: Int
  /// Hex fingerprint of the job.
  var fingerprint: String
  var seed: UInt64
  var toolVersion: String
  var time = TimePoint.now()
  var load = LoadReading.current()

  /// The next attempt of a job, whose number and fingerprint the database knows.
  static func next(
    id: Int64, run: Int64, job: Int, seed: UInt64, toolVersion: String, missing: StoreError, in database: Database
  ) throws -> AttemptStart {
    let find = try database.cachedStatement(
      sql: """
        SELECT job.fingerprint, 1 + coalesce(
          (SELECT max(number) FROM attempt WHERE attempt.run_id = run.id AND attempt.job_position = job.position), 0)
        FROM run JOIN job ON job.plan_id = run.plan_id WHERE run.id = ? AND job.position = ?
        """)
    let start = try find.firstRow([run, job]) { row in
      AttemptStart(
        id: id, run: run, job: job, number: try row[1], fingerprint: try row[0], seed: seed, toolVersion: toolVersion)
    }
    guard let start else { throw missing }
    return start
  }

  /// Inserts the attempt as `leased`, unless its row is there already.
  func insert(in database: Database) throws {
    let owner = ProcessIdentity.current
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO attempt (id, fingerprint, number, run_id, plan_id, job_position, stage, machine_id, state, boot_id,
          pid, process_start, seed, tool_version, started_at, started_ns, load_start, cpu_pressure_start,
          memory_pressure_start, io_pressure_start)
        SELECT ?, job.fingerprint, ?, run.id, run.plan_id, job.position, job.stage, run.machine_id, 'leased', ?, ?, ?, ?, ?, ?, ?, ?,
          ?, ?, ?
        FROM run JOIN job ON job.plan_id = run.plan_id WHERE run.id = ? AND job.position = ?
        ON CONFLICT (id) DO NOTHING
        """)
    statement.setUncheckedArguments([
      id, number, owner.bootID, owner.pid, owner.startTicks, Int64(bitPattern: seed), toolVersion,
      time.iso8601, time.monotonicNanoseconds, load.storedLoadAverage, load.cpuPressure, load.memoryPressure,
      load.ioPressure, run, job,
    ])
    try statement.execute()
  }

  /// Inserts the attempt unless its row is there already, and notes how far it is; its job becomes `running`.
  func book(isRunning: Bool, in database: Database) throws {
    try insert(in: database)
    try ResultsStore.apply(JobStateChange(job: job, state: .running, attempt: id), run: run, in: database)
    guard isRunning else { return }
    let statement = try database.cachedStatement(
      sql: "UPDATE attempt SET state = 'running' WHERE id = ? AND state = 'leased'")
    try statement.execute(arguments: [id])
  }
}
