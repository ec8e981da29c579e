import GRDB
import Glibc

extension ResultsStore {
  /// Records the start of an attempt and makes its folders; the job becomes `running`.
  ///
  /// - Parameters:
  ///   - run: Row id of a run under way.
  ///   - job: Position of the job in the plan.
  ///   - seed: Seed of the job's random stream.
  ///   - toolVersion: What executes it, for example "priorbrush 1.0/generate 1".
  /// - Returns: The attempt's id, number and places.
  /// - Throws: `StoreError`: `.notFound` if the run has no such job, `.notWritable` if the folders cannot be made.
  public func beginAttempt(
    run: Int64, job: Int, seed: UInt64, toolVersion: String
  ) async throws(StoreError) -> AttemptLease {
    let start = AttemptStart(
      run: run, job: job, seed: seed, toolVersion: toolVersion, missing: notFound("job \(job) in run \(run)"))
    return try makeFolders(for: try await write { try start.insert(in: $0) })
  }

  /// Does the same as the asynchronous method, blocking the calling thread.
  public func beginAttempt(run: Int64, job: Int, seed: UInt64, toolVersion: String) throws(StoreError) -> AttemptLease {
    let start = AttemptStart(
      run: run, job: job, seed: seed, toolVersion: toolVersion, missing: notFound("job \(job) in run \(run)"))
    return try makeFolders(for: try writeBlocking { try start.insert(in: $0) })
  }

  /// Notes that an executor has taken the attempt up; returns at once.
  ///
  /// The state is written with the next transaction, at the latest 0.2 s later: it says how far a run has come, and no
  /// result depends on it.
  ///
  /// - Parameter id: Row id of an attempt that is leased; any other is left alone.
  public func noteRunning(attempt id: Int64) {
    guard mode == .readWrite else { return }
    writeSoon { database in
      let statement = try database.cachedStatement(
        sql: "UPDATE attempt SET state = 'running' WHERE id = ? AND state = 'leased'")
      try statement.execute(arguments: [id])
    }
  }

  /// Publishes an attempt: stores its files and folders by digest, then writes its end, samples and artifacts in one transaction.
  ///
  /// Files and folders inside the attempt's folder are moved, others copied; files become read-only, empty folders inside a folder
  /// are not kept. When this returns, the result survives a power cut. If it throws after the files were stored, the attempt is adopted when the store is next opened for writing.
  ///
  /// - Parameters:
  ///   - id: Row id of an attempt under way.
  ///   - report: Its end.
  ///   - ready: Positions of planned jobs that may start if the attempt succeeded; they become `ready` in the same transaction.
  /// - Returns: The stored files by artifact name.
  /// - Throws: `StoreError`: `.artifact` if a file is missing or named twice, or a folder holds no file, a
  ///   link or a special file (the attempt stays under way and may be finished as
  ///   failed), `.attemptOver` if it has ended before, `.notFound`, `.diskFull`, `.notWritable`.
  public func finishAttempt(
    _ id: Int64, with report: AttemptReport, ready: [Int] = []
  ) async throws(StoreError) -> [String: ArtifactResult] {
    let place = try lease(ofAttempt: id)
    artifacts.onStep(.begun)
    let stored = try artifacts.store(report.files, attempt: id, attemptFolder: place.lease.folder)
    artifacts.onStep(.filesStored)
    let finished = FinishedAttempt(
      exitKind: report.exitKind, message: report.message, samples: report.samples, artifacts: stored,
      start: report.start, end: report.end, loadAtEnd: report.loadAtEnd, usage: report.usage,
      worker: report.worker, conditions: report.conditions)
    try AttemptManifest(attempt: id, fingerprint: place.fingerprint, finished: finished).write(
      toFolder: place.lease.folder)
    artifacts.onStep(.manifestWritten)
    let over = attemptOver(id)
    try await write { database in
      guard try finished.commit(attempt: id, eventKind: "attempt-\(finished.exitKind.rawValue)", in: database) else {
        throw over
      }
      if finished.exitKind == .succeeded { try Self.makeReady(ready, forAttempt: id, in: database) }
    }
    artifacts.onStep(.committed)
    AttemptManifest.remove(fromFolder: place.lease.folder)
    rmdir(place.lease.scratchDirectory)
    return Dictionary(stored.map { ($0.name, artifacts.result($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Records attempts that are over and have no files, all of them in one transaction.
  ///
  /// - Parameters:
  ///   - reports: Position, seed and end of each job.
  ///   - run: Row id of a run under way.
  ///   - toolVersion: What executed them.
  /// - Throws: `StoreError`, `.notFound` if the run has no such job.
  package func recordFinished(
    _ reports: [(job: Int, seed: UInt64, report: AttemptReport)], run: Int64, toolVersion: String
  ) throws(StoreError) {
    let missing = notFound("job of run \(run) at one of the given positions")
    let (time, load) = (TimePoint.now(), LoadReading.current())
    try writeBlocking { database in
      for (job, seed, report) in reports {
        let start = AttemptStart(
          run: run, job: job, seed: seed, toolVersion: toolVersion, missing: missing, time: time, load: load)
        let id = try start.insert(in: database).id
        let finished = FinishedAttempt(
          exitKind: report.exitKind, message: report.message, samples: report.samples, artifacts: [],
          start: report.start,
          end: report.end, loadAtEnd: report.loadAtEnd, usage: report.usage, worker: report.worker,
          conditions: report.conditions)
        _ = try finished.commit(attempt: id, eventKind: "attempt-\(report.exitKind.rawValue)", in: database)
      }
    }
  }

  private static func makeReady(_ jobs: [Int], forAttempt id: Int64, in database: Database) throws {
    for job in jobs {
      let statement = try database.cachedStatement(
        sql: """
          UPDATE run_job SET state = 'ready' WHERE run_id = (SELECT run_id FROM attempt WHERE id = ?)
            AND job_position = ? AND state = 'planned'
          """)
      try statement.execute(arguments: [id, job])
    }
  }

  private func lease(ofAttempt id: Int64) throws(StoreError) -> (lease: AttemptLease, fingerprint: String) {
    let row = try read { database in
      try Row.fetchOne(database, sql: "SELECT number, fingerprint, state FROM attempt WHERE id = ?", arguments: [id])
        .map { (number: $0[0] as Int, fingerprint: $0[1] as String, state: $0[2] as String) }
    }
    guard let row else { throw notFound("attempt \(id)") }
    guard row.state == "leased" || row.state == "running" else { throw attemptOver(id) }
    return (places(attempt: id, number: row.number, fingerprint: row.fingerprint), row.fingerprint)
  }

  private func attemptOver(_ id: Int64) -> StoreError {
    StoreError(
      code: .attemptOver, message: "attempt \(id) in '\(path)' has ended already; begin a new attempt", path: path)
  }

  private func places(attempt id: Int64, number: Int, fingerprint: String) -> AttemptLease {
    let own = "\(folder)/attempts/\(id)"
    return AttemptLease(
      id: id, number: number, folder: own, outputDirectory: "\(own)/output", standardOutputPath: "\(own)/stdout.log",
      standardErrorPath: "\(own)/stderr.log", scratchDirectory: "\(folder)/scratch/\(fingerprint)")
  }

  private func makeFolders(for started: AttemptStart.Inserted) throws(StoreError) -> AttemptLease {
    let lease = places(attempt: started.id, number: started.number, fingerprint: started.fingerprint)
    try FileSystem.makeFolder(lease.outputDirectory)
    try FileSystem.makeFolder(lease.scratchDirectory)
    return lease
  }
}

/// The row of an attempt that begins.
private struct AttemptStart: Sendable {
  struct Inserted: Sendable {
    var id: Int64
    var number: Int
    var fingerprint: String
  }

  var run: Int64
  var job: Int
  var seed: UInt64
  var toolVersion: String
  var missing: StoreError
  var time = TimePoint.now()
  var load = LoadReading.current()

  func insert(in database: Database) throws -> Inserted {
    let owner = ProcessIdentity.current
    let find = try database.cachedStatement(
      sql: """
        SELECT run.plan_id, run.machine_id, job.stage, job.fingerprint,
          1 + coalesce(
            (SELECT max(number) FROM attempt WHERE attempt.run_id = run.id AND attempt.job_position = job.position), 0)
        FROM run JOIN job ON job.plan_id = run.plan_id WHERE run.id = ? AND job.position = ?
        """)
    guard let row = try Row.fetchOne(find, arguments: [run, job]) else { throw missing }
    let fingerprint: String = row[3]
    let number: Int = row[4]
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO attempt (fingerprint, number, run_id, plan_id, job_position, stage, machine_id, state, boot_id, pid,
          process_start, seed, tool_version, started_at, started_ns, load_start, cpu_pressure_start, memory_pressure_start,
          io_pressure_start)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'leased', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let arguments: [(any DatabaseValueConvertible)?] = [
      fingerprint, number, run, row[0] as Int64, job, row[2] as String, row[1] as Int64, owner.bootID, owner.pid,
      owner.startTicks, Int64(bitPattern: seed), toolVersion, time.iso8601, time.monotonicNanoseconds, load.loadAverage,
      load.cpuPressure, load.memoryPressure, load.ioPressure,
    ]
    try statement.execute(arguments: StatementArguments(arguments))
    let id = database.lastInsertedRowID
    try ResultsStore.apply(JobStateChange(job: job, state: .running, attempt: id), run: run, in: database)
    return Inserted(id: id, number: number, fingerprint: fingerprint)
  }
}
