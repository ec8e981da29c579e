import GRDB

/// The results database: one SQLite file, and beside it the artifacts and the working folders of attempts.
///
///     let store = try ResultsStore(path: "results/results.sqlite", mode: .readWrite)
///     let plan = try store.register(planRecord)
///     let run = try store.beginRun(plan: plan, code: .current(projectRoot: "."), toolVersion: "1.0")
///     let lease = try store.leaseAttempt(run: run, job: 0, number: 1, fingerprint: job.fingerprint, seed: 7, toolVersion: "1.0")
///     // … execute in lease.outputDirectory …
///     let files = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded))
///     try store.endRun(run, state: .finished)
///
/// One process writes at a time, any number read. A call that writes returns after its transaction has reached the disk, unless it says
/// otherwise.
public final class ResultsStore: Sendable {
  /// What the database is opened for.
  public enum Mode: Sendable, Hashable {
    /// Reading beside a writer; nothing is created, changed or locked.
    case readOnly
    /// Writing; creates and migrates the database, and declares attempts of dead processes lost.
    case readWrite
  }

  /// The database file, as the caller wrote it.
  public let path: String
  /// What the database was opened for.
  public let mode: Mode
  /// The folder of the database, which also holds artifacts/, attempts/ and scratch/.
  public let folder: String
  /// What opening for writing found left over by processes that died.
  public let recovery: RecoverySummary
  /// Copy of the database made before a migration, if one was needed.
  public let migrationBackup: String?

  let schema: Schema
  let pool: DatabasePool
  let artifacts: ArtifactStore
  let attempts = OpenAttempts()
  let attemptFolders: AttemptFolders
  let refusedResults: RefusedResults
  let trash: Trash
  let reading: ReadingPlace
  private let writer: SingleWriter
  private let lock: StoreLock?
  private let hold: DatabaseHold?

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: The database file; for writing it and its folder are made if they do not exist.
  ///   - mode: What it is opened for.
  /// - Throws: `StoreError`: `.missing` (reading), `.busy` if another process writes, `.newerSchema`, `.olderSchema`
  ///   (reading), `.notADatabase`, `.corrupt`, `.notWritable`, `.migration`.
  public convenience init(path: String, mode: Mode) throws(StoreError) {
    try self.init(path: path, mode: mode, schema: .current)
  }

  /// Opens a database with another schema or with an observer of publications, for tests of migration and of crashes.
  package init(
    path: String, mode: Mode, schema: Schema, onPublication: @escaping @Sendable (PublicationStep) -> Void = { _ in }
  ) throws(StoreError) {
    let opening = StoreOpening(path: path, schema: schema)
    let opened = try mode == .readOnly ? opening.forReading() : opening.forWriting()
    self.path = path
    self.mode = mode
    self.schema = schema
    folder = opening.folder
    pool = opened.pool
    reading = opened.reading
    lock = opened.lock
    hold = opened.hold
    migrationBackup = opened.backup
    writer = SingleWriter(pool: opened.pool, path: path, hold: opened.hold)
    artifacts = ArtifactStore(folder: opening.folder, onStep: onPublication)
    trash = Trash(folder: opening.folder)
    attemptFolders = AttemptFolders(folder: opening.folder, trash: trash)
    refusedResults = RefusedResults(folder: opening.folder)
    let recoverer = StoreRecovery(
      path: path, folder: opening.folder, artifacts: artifacts, refusedResults: refusedResults)
    recovery = mode == .readOnly ? RecoverySummary() : try recoverer.recover(with: writer)
    if mode == .readWrite { trash.empty() }
  }

  deinit { hold?.release() }

  /// Reads within one snapshot.
  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      let value = try pool.read(body)
      try requireInPlace()
      return value
    } catch {
      try requireInPlace()
      throw StoreError(error, path: path)
    }
  }

  /// Writes and suspends until the transaction is on the disk; what `writeSoon` has not yet written of the attempt is dropped.
  func write<Value: Sendable>(
    superseding attempt: Int64? = nil, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    try requireWritable()
    return try await writer.perform(superseding: attempt, body)
  }

  /// Writes and blocks until the transaction is on the disk.
  func writeBlocking<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    try requireWritable()
    return try writer.performBlocking(body)
  }

  /// Writes something of an attempt with the next transaction, without waiting; what was to be written of it before is dropped.
  func writeSoon(
    about attempt: Int64, _ body: @escaping @Sendable (Database) throws -> Void,
    onCommit: @escaping @Sendable () -> Void
  ) {
    writer.performSoon(about: attempt, body, onCommit: onCommit)
  }

  func requireWritable() throws(StoreError) {
    guard mode == .readWrite else {
      throw StoreError(code: .notWritable, message: "'\(path)' was opened for reading only", path: path)
    }
    try requireInPlace()
  }

  /// Makes sure that the database is still the file that was opened.
  ///
  /// - Throws: `StoreError` with code `.displaced` if it was removed, moved, replaced or cut short while it was open for writing, and with
  ///   code `.busy` if it was changed while it was read without locks.
  public func requireInPlace() throws(StoreError) {
    try reading.requireUnchanged()
    do throws(StoreError) {
      try hold?.requireInPlace()
    } catch {
      writer.settleDisplaced()
      throw error
    }
  }

  /// The error for a row that is not there.
  func notFound(_ what: String) -> StoreError {
    StoreError(code: .notFound, message: "there is no \(what) in '\(path)'", path: path)
  }
}
