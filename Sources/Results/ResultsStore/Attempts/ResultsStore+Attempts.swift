public import AttemptModel
public import Digest
import GRDB
import InputTracing

extension ResultsStore {
  /// Begins an attempt and makes its folders, without waiting for the disk.
  ///
  /// The attempt's row, and its job's state `running`, are written with whatever is written next, at the latest 0.2 s later. A process
  /// that is killed before leaves no trace of the attempt, and needs none: what the attempt had started dies with it.
  ///
  /// - Parameters:
  ///   - run: Row id of a run under way.
  ///   - job: Position of the job in the plan.
  ///   - number: 1 for the job's first attempt in this run.
  ///   - fingerprint: The job's fingerprint.
  ///   - seed: Seed of the job's random stream.
  ///   - toolVersion: What executes it, for example "priorbrush 1.0/generate 1".
  /// - Returns: The attempt's id and places.
  /// - Throws: `StoreError`: `.notWritable` or `.diskFull` if the folders cannot be made.
  public func leaseAttempt(
    run: Int64, job: Int, number: Int, fingerprint: SHA256Digest, seed: UInt64, toolVersion: String
  ) throws(StoreError) -> AttemptPlace {
    try requireWritable()
    let start = AttemptStart(
      id: try attempts.takeID(highest: highestAttemptID), run: run, job: job, number: number,
      fingerprint: fingerprint.hex, seed: seed, toolVersion: toolVersion)
    let attempt = try open(start)
    bookSoon(attempt)
    return attempt.lease
  }

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
  ) async throws(StoreError) -> AttemptPlace {
    let write = try beginning(run: run, job: job, seed: seed, toolVersion: toolVersion)
    return try begun(try await self.write(write))
  }

  /// Does the same as the asynchronous method, blocking the calling thread.
  public func beginAttempt(run: Int64, job: Int, seed: UInt64, toolVersion: String) throws(StoreError) -> AttemptPlace {
    try begun(try writeBlocking(try beginning(run: run, job: job, seed: seed, toolVersion: toolVersion)))
  }

  /// Notes that an executor has taken the attempt up; returns at once.
  ///
  /// The state is written with the next transaction, at the latest 0.2 s later: it says how far a run has come, and no
  /// result depends on it.
  ///
  /// - Parameter id: Row id of an attempt of this process that is under way; any other is left alone.
  public func noteRunning(attempt id: Int64) {
    guard let attempt = attempts[id] else { return }
    attempt.noteRunning()
    bookSoon(attempt)
  }

  /// Notes that planned jobs may start, because an attempt that they waited for is committed; returns at once.
  ///
  /// The states are written with the next transaction, at the latest 0.2 s later, and only where a job is still planned.
  ///
  /// - Parameters:
  ///   - jobs: Positions of the jobs in the plan.
  ///   - id: Row id of the attempt.
  ///   - run: Row id of the run.
  public func noteReady(_ jobs: [Int], after id: Int64, run: Int64) {
    guard !jobs.isEmpty else { return }
    writeSoon(about: id) { database in
      try Self.makeReady(jobs, run: run, in: database)
    } onCommit: {
    }
  }

  /// Publishes an attempt: stores its files and folders by digest, then writes its end, samples and artifacts in one transaction.
  ///
  /// Files and folders inside the attempt's folder are moved, others copied; files become read-only, empty folders inside a folder
  /// are not kept. When this returns, the result survives a power cut. If it throws after the files were stored, the attempt is adopted
  /// when the store is next opened for writing. An attempt without files that took less than a second is stored by the
  /// transaction alone.
  ///
  /// - Parameters:
  ///   - id: Row id of an attempt under way.
  ///   - report: Its end.
  /// - Returns: The stored files by artifact name.
  /// - Throws: `StoreError`: `.artifact` if a file is missing or named twice, or a folder holds no file, a link or a special file,
  ///   `.inconsistent` if the report breaks a rule (after both the attempt stays under way and may be finished as failed),
  ///   `.attemptOver` if it has ended before, `.notFound`, `.diskFull`, `.notWritable`.
  public func finishAttempt(
    _ id: Int64, with report: AttemptReport
  ) async throws(StoreError) -> [String: ArtifactResult] {
    let attempt = try openAttempt(id)
    // Before anything of it is on the disk, since a manifest is kept for ever.
    if let flaw = report.flaw {
      throw StoreError(code: .inconsistent, message: "the report of attempt \(id) is refused: \(flaw)", path: path)
    }
    let hasManifest = Self.needsManifest(report, since: attempt.start.time)
    // A manifest can only be adopted for a lease that is on the disk.
    if hasManifest, !attempt.isBooked { try await book(attempt) }
    artifacts.onStep(.begun)
    let stored = try artifacts.store(report.files, attempt: id, attemptFolder: attempt.lease.folder)
    artifacts.onStep(.filesStored)
    let finished = FinishedAttempt(report, artifacts: stored)
    if hasManifest {
      try AttemptManifest(attempt: id, fingerprint: attempt.start.fingerprint, finished: finished).write(
        toFolder: attempt.lease.folder)
    }
    artifacts.onStep(.manifestWritten)
    // Nothing depends on its folders any more, so that those of a few attempts are enough for many on their way to the disk.
    if !hasManifest { attemptFolders.takeBack(attempt.lease, keepsLogs: finished.exitKind != .succeeded) }
    do throws(StoreError) {
      try await commit(finished, of: attempt)
    } catch {
      // The attempt may still be finished as failed: what was refused must not come back.
      if error.code == .inconsistent, hasManifest { refusedResults.take(attempt: id, fromFolder: attempt.lease.folder) }
      throw error
    }
    finished.trace?.base?.settle()
    artifacts.onStep(.committed)
    attempts.remove(id)
    if hasManifest {
      AttemptManifest.remove(fromFolder: attempt.lease.folder)
      attemptFolders.takeBack(attempt.lease, keepsLogs: finished.exitKind != .succeeded)
    }
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
    var ids: [Int64] = []
    for _ in reports { ids.append(try attempts.takeID(highest: highestAttemptID)) }
    try writeBlocking { [ids] database in
      for (id, (job, seed, report)) in zip(ids, reports) {
        let start = try AttemptStart.next(
          id: id, run: run, job: job, seed: seed, toolVersion: toolVersion, missing: missing, in: database)
        try start.insert(in: database)
        _ = try FinishedAttempt(report, artifacts: []).commit(
          attempt: start.id, run: run, job: job, eventKind: "attempt-\(report.exitKind.rawValue)", in: database)
      }
    }
  }

  /// An attempt without files that took this long, in seconds, has a manifest: what it cost is worth one more file.
  static let manifestSeconds = 1.0

  private static func needsManifest(_ report: AttemptReport, since start: TimePoint) -> Bool {
    let nanoseconds = report.end.monotonicNanoseconds - (report.start ?? start).monotonicNanoseconds
    return !report.files.isEmpty || Double(nanoseconds) >= manifestSeconds * 1e9
  }

  private func commit(_ finished: FinishedAttempt, of attempt: OpenAttempt) async throws(StoreError) {
    let (start, over) = (attempt.start, attemptOver(attempt.start.id))
    try await write(superseding: start.id) { database in
      try start.insert(in: database)
      guard
        try finished.commit(
          attempt: start.id, run: start.run, job: start.job, eventKind: "attempt-\(finished.exitKind.rawValue)",
          in: database)
      else { throw over }
    }
  }

  private static func makeReady(_ jobs: [Int], run: Int64, in database: Database) throws {
    for job in jobs {
      let statement = try database.cachedStatement(
        sql: "UPDATE run_job SET state = 'ready' WHERE run_id = ? AND job_position = ? AND state = 'planned'")
      try statement.execute(arguments: [run, job])
    }
  }

  /// What the transaction of a begin that is waited for does.
  private func beginning(
    run: Int64, job: Int, seed: UInt64, toolVersion: String
  ) throws(StoreError) -> @Sendable (Database) throws -> AttemptStart {
    try requireWritable()
    let id = try attempts.takeID(highest: highestAttemptID)
    let missing = notFound("job \(job) in run \(run)")
    return { database in
      let start = try AttemptStart.next(
        id: id, run: run, job: job, seed: seed, toolVersion: toolVersion, missing: missing, in: database)
      try start.book(isRunning: false, in: database)
      return start
    }
  }

  private func begun(_ start: AttemptStart) throws(StoreError) -> AttemptPlace {
    let attempt = try open(start)
    attempt.noteBooked()
    return attempt.lease
  }

  private func open(_ start: AttemptStart) throws(StoreError) -> OpenAttempt {
    let lease = attemptFolders.places(attempt: start.id, number: start.number, fingerprint: start.fingerprint)
    try attemptFolders.make(lease)
    let attempt = OpenAttempt(start, lease: lease)
    attempts.add(attempt)
    return attempt
  }

  private func book(_ attempt: OpenAttempt) async throws(StoreError) {
    try await write(superseding: attempt.start.id) { database in
      try attempt.start.book(isRunning: attempt.isRunning, in: database)
    }
    attempt.noteBooked()
  }

  private func bookSoon(_ attempt: OpenAttempt) {
    writeSoon(about: attempt.start.id) { database in
      try attempt.start.book(isRunning: attempt.isRunning, in: database)
    } onCommit: {
      attempt.noteBooked()
    }
  }

  private func openAttempt(_ id: Int64) throws(StoreError) -> OpenAttempt {
    if let attempt = attempts[id] { return attempt }
    let isKnown = try read { database in
      try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM attempt WHERE id = ?)", arguments: [id]) ?? false
    }
    throw isKnown ? attemptOver(id) : notFound("attempt \(id)")
  }

  private func highestAttemptID() throws(StoreError) -> Int64 {
    try read { database in
      try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'attempt'") ?? 0
    }
  }

  private func attemptOver(_ id: Int64) -> StoreError {
    StoreError(
      code: .attemptOver, message: "attempt \(id) in '\(path)' has ended already; begin a new attempt", path: path)
  }
}
