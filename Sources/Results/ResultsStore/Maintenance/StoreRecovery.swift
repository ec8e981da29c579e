import GRDB

/// What opening for writing found left over by processes that died.
public struct RecoverySummary: Sendable, Hashable {
  /// Attempts whose result was complete on the disk and is now in the database.
  public var adopted: [Int64] = []
  /// Attempts that had no complete result and are now `lost`.
  public var lost: [Int64] = []
  /// Attempts among the lost ones that had a result which the database refused.
  public var refused: [RefusedResult] = []
  /// Runs that are now `interrupted`.
  public var interruptedRuns: [Int64] = []

  /// Makes an empty summary.
  public init() {}
}

/// Settles attempts and runs whose process is gone: a published result is adopted, anything else is lost.
struct StoreRecovery: Sendable {
  private struct Lease: Sendable {
    var id: Int64
    var run: Int64
    var job: Int
    var fingerprint: String
  }

  let path: String
  let folder: String
  let artifacts: ArtifactStore
  let refusedResults: RefusedResults

  func recover(with writer: SingleWriter) throws(StoreError) -> RecoverySummary {
    try writer.performBlocking { database in
      var summary = RecoverySummary()
      for lease in try deadLeases(in: database) { try settle(lease, in: database, &summary) }
      summary.interruptedRuns = try interruptRuns(in: database)
      return summary
    }
  }

  /// Gives one attempt its end, whatever its folder holds: what the database refuses is kept aside and costs this attempt only.
  private func settle(_ lease: Lease, in database: Database, _ summary: inout RecoverySummary) throws {
    var message = "the orchestrator that owned this attempt ended before it was finished"
    switch try adoption(of: lease, in: database) {
    case .adopted:
      summary.adopted.append(lease.id)
      return
    case .nothing: break
    case .refused(let reason):
      let place = refusedResults.take(attempt: lease.id, fromFolder: "\(folder)/attempts/\(lease.id)")
      let refused = RefusedResult(attempt: lease.id, path: place, reason: reason)
      message = refused.description
      summary.refused.append(refused)
    }
    try lose(lease, message: message, in: database)
    summary.lost.append(lease.id)
  }

  private enum Adoption {
    case adopted
    case nothing
    case refused(String)
  }

  /// Takes a published result over, or says why that cannot be; then the database is as before.
  private func adoption(of lease: Lease, in database: Database) throws -> Adoption {
    switch AttemptManifest.find(inFolder: "\(folder)/attempts/\(lease.id)") {
    case .nothing: return .nothing
    case .refused(let reason): return .refused(reason)
    case .sealed(let manifest):
      guard manifest.attempt == lease.id, manifest.fingerprint == lease.fingerprint else {
        return .refused("it belongs to another attempt")
      }
      if let damaged = manifest.finished.artifacts.first(where: { !artifacts.isWhole($0) }) {
        return .refused("the stored content of artifact '\(damaged.name.prefix(200))' is missing or altered")
      }
      do {
        try database.inSavepoint {
          let isUnderWay = try manifest.finished.commit(
            attempt: lease.id, run: lease.run, job: lease.job, eventKind: "attempt-adopted", in: database)
          return isUnderWay ? .commit : .rollback
        }
        return .adopted
      } catch let error as DatabaseError where StoreError(error, path: path).code == .inconsistent {
        return .refused(error.message ?? "a record breaks a rule of the database")
      }
    }
  }

  private func deadLeases(in database: Database) throws -> [Lease] {
    try database.rows(
      sql: """
        SELECT id, run_id, job_position, fingerprint, boot_id, pid, process_start FROM attempt
        WHERE state IN ('leased', 'running') ORDER BY id
        """
    ) { row in
      guard isDead(bootID: try row[4], pid: try row[5], startTicks: try row[6]) else { return nil }
      return Lease(id: try row[0], run: try row[1], job: try row[2], fingerprint: try row[3])
    }.compactMap(\.self)
  }

  /// A store that has just been opened owns nothing yet: what carries this process's name is left from an earlier opening.
  private func isDead(bootID: String, pid: Int32, startTicks: Int64) -> Bool {
    let owner = ProcessIdentity(bootID: bootID, pid: pid, startTicks: startTicks)
    return owner == .current || !owner.isAlive
  }

  private func lose(_ lease: Lease, message: String, in database: Database) throws {
    try database.execute(
      sql: "UPDATE attempt SET state = 'lost', exit_kind = 'lost', message = ? WHERE id = ?",
      arguments: [message, lease.id])
    try database.execute(
      sql: "UPDATE run_job SET state = 'planned', reason = ? WHERE run_id = ? AND attempt_id = ?",
      arguments: [message, lease.run, lease.id])
    try Event(kind: "attempt-lost", run: lease.run, attempt: lease.id, detail: message).insert(in: database)
  }

  private func interruptRuns(in database: Database) throws -> [Int64] {
    let runs = try database.rows(
      sql: "SELECT id, boot_id, pid, process_start FROM run WHERE state = 'running' ORDER BY id"
    ) { row -> Int64? in
      isDead(bootID: try row[1], pid: try row[2], startTicks: try row[3]) ? try row[0] : nil
    }.compactMap(\.self)
    for run in runs {
      try database.execute(sql: "UPDATE run SET state = 'interrupted' WHERE id = ?", arguments: [run])
      try database.execute(
        sql: "UPDATE run_job SET state = 'planned' WHERE run_id = ? AND state IN ('ready', 'running')",
        arguments: [run])
      try Event(kind: "run-interrupted", run: run, detail: "its process is gone").insert(in: database)
    }
    return runs
  }
}
