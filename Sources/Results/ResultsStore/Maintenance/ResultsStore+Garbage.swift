import AttemptModel
import Digest
import GRDB
import Glibc

/// Something in the results folder that nothing needs.
public struct Garbage: Sendable, Hashable, CustomStringConvertible {
  /// The sort of a thing.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A stored content that attempts refer to which do not count any more.
    case content
    /// A stored file or folder that no attempt refers to, left by a crash.
    case unreferenced
    /// A half-written file or folder, left by a crash.
    case temporary
    /// Checkpoints of a job that has its result, or that no latest plan knows.
    case scratch
    /// What a succeeded attempt wrote and did not announce, or the folder of an attempt that is not in the database.
    case leftover
  }

  /// What sort it is.
  public var kind: Kind
  /// The file or folder.
  public var path: String
  /// Why nothing needs it.
  public var reason: String
  /// Its size in bytes.
  public var byteCount: Int64
  /// Hex SHA-256 of a stored content.
  var digest: String?

  /// One line: the path, its size and the reason.
  public var description: String { "\(path) (\(byteCount) bytes): \(reason)" }
}

extension ResultsStore {
  /// Lists what could be removed; removes nothing.
  ///
  /// What an attempt under way could need is never listed.
  ///
  /// - Parameter runs: How many latest runs of each experiment keep their files; nil for all. Files that only earlier runs refer to are
  ///   listed then; the rows of those runs stay.
  /// - Returns: Files and folders, each with the reason.
  /// - Throws: `StoreError` if the database cannot be read.
  public func garbage(keepingRuns runs: Int? = nil) throws(StoreError) -> [Garbage] {
    let facts = try read { try GarbageFacts(keepingRuns: runs, in: $0) }
    let finder = GarbageFinder(folder: folder, artifacts: artifacts, facts: facts)
    return finder.contents() + finder.scratch() + finder.attempts() + finder.temporaries(ofDatabase: path)
  }

  /// Removes what ``garbage(keepingRuns:)`` listed; the database first notes which contents are gone.
  ///
  /// - Parameter garbage: A list made by this very store, which excludes every other writer since.
  /// - Returns: Bytes freed.
  /// - Throws: `StoreError` if the database cannot be written, and then nothing is removed, or `.notWritable` if something could not be
  ///   removed.
  @discardableResult
  public func remove(_ garbage: [Garbage]) throws(StoreError) -> Int64 {
    let total = garbage.reduce(0) { $0 + $1.byteCount }
    try writeBlocking { database in
      var note = try RowInsertion(
        """
        INSERT INTO freed_content (sha256, byte_count, freed_at, reason) VALUES (?, ?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET freed_at = excluded.freed_at, reason = excluded.reason
        """, in: database)
      let now = TimePoint.now().iso8601
      for item in garbage {
        guard item.kind == .content, let digest = item.digest else { continue }
        note.bind(digest)
        note.bind(item.byteCount)
        note.bind(now)
        note.bind(item.reason)
        try note.execute()
      }
      try Event(kind: "garbage-removed", detail: "\(garbage.count) files and folders, \(total) bytes").insert(
        in: database)
    }
    let left = trash.remove(garbage.map(\.path))
    guard let first = left.first else { return total }
    throw StoreError(
      code: .notWritable,
      message:
        "'\(first)'\(left.count > 1 ? " and \(left.count - 1) more" : "") cannot be removed; check the permissions of its folder",
      path: first)
  }
}

/// What the database knows of things that might be garbage.
private struct GarbageFacts {
  struct Use {
    var byteCount: Int64
    var isKept: Bool
  }

  /// Stored contents by digest, and whether an attempt that counts refers to them.
  var contents: [String: Use] = [:]
  /// Fingerprints whose scratch folder may still be used.
  var wantedScratch: Set<String> = []
  /// Whether an attempt succeeded, by id.
  var attempts: [Int64: Bool] = [:]
  /// Attempts under way.
  var open: Set<Int64> = []
  var keepingRuns: Int?

  init(keepingRuns runs: Int?, in database: Database) throws {
    keepingRuns = runs
    let kept = """
      SELECT id FROM (SELECT run.id, row_number() OVER (PARTITION BY spec.name ORDER BY run.sequence DESC, run.uid DESC) AS place
      FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id)
      WHERE ?1 IS NULL OR place <= ?1
      """
    try database.forEachRow(
      sql: """
        WITH kept(run) AS (\(kept)), counting(attempt) AS (
          SELECT id FROM attempt WHERE run_id IN kept AND invalid_reason IS NULL
          UNION SELECT attempt_id FROM run_job JOIN attempt ON attempt.id = run_job.attempt_id
          WHERE run_job.run_id IN kept AND invalid_reason IS NULL)
        SELECT sha256, byte_count, max(attempt_id IN counting) FROM artifact GROUP BY sha256, byte_count
        """,
      arguments: [runs]
    ) { contents[try $0[0]] = Use(byteCount: try $0[1], isKept: try $0[2]) }
    wantedScratch = try String.fetchSet(
      database,
      sql: """
        WITH latest(plan_id) AS (
          SELECT plan_id FROM (
            SELECT run.plan_id, row_number() OVER (PARTITION BY spec.name ORDER BY run.sequence DESC, run.uid DESC) AS place
            FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id)
          WHERE place = 1)
        SELECT fingerprint FROM job WHERE plan_id IN latest AND NOT EXISTS (
          SELECT 1 FROM attempt WHERE attempt.fingerprint = job.fingerprint AND state = 'succeeded'
            AND invalid_reason IS NULL)
        UNION SELECT fingerprint FROM attempt WHERE state IN ('leased', 'running')
        """)
    open = try Int64.fetchSet(database, sql: "SELECT id FROM attempt WHERE state IN ('leased', 'running')")
    try database.forEachRow(sql: "SELECT id, state = 'succeeded' FROM attempt") { attempts[try $0[0]] = try $0[1] }
  }
}

/// Compares the results folder with what the database knows.
private struct GarbageFinder {
  let folder: String
  let artifacts: ArtifactStore
  let facts: GarbageFacts

  func contents() -> [Garbage] {
    var found: [Garbage] = []
    for shelf in FileSystem.entries(of: artifacts.root) {
      for name in FileSystem.entries(of: "\(artifacts.root)/\(shelf)") {
        let path = "\(artifacts.root)/\(shelf)/\(name)"
        let digest = shelf + name
        if let use = facts.contents[digest] {
          guard !use.isKept else { continue }
          let reason =
            facts.keepingRuns.map { "only invalidated attempts or runs before the latest \($0) refer to it" }
            ?? "only invalidated attempts refer to it"
          found.append(
            Garbage(kind: .content, path: path, reason: reason, byteCount: use.byteCount, digest: digest))
        } else if facts.open.isEmpty {
          let isTemporary = name.hasSuffix(".tmp")
          found.append(
            item(
              isTemporary ? .temporary : .unreferenced, path,
              isTemporary ? "a copy that was not completed" : "no attempt refers to it"))
        }
      }
    }
    return found
  }

  func scratch() -> [Garbage] {
    FileSystem.entries(of: "\(folder)/scratch").filter { !facts.wantedScratch.contains($0) }.map {
      item(.scratch, "\(folder)/scratch/\($0)", "its job has a result, or is in no latest plan")
    }
  }

  func attempts() -> [Garbage] {
    FileSystem.entries(of: "\(folder)/attempts").compactMap { name in
      let own = "\(folder)/attempts/\(name)"
      guard let id = Int64(name) else { return nil }
      guard let hasSucceeded = facts.attempts[id] else {
        return facts.open.isEmpty ? item(.leftover, own, "no attempt \(id) is in the database") : nil
      }
      let output = "\(own)/output"
      guard hasSucceeded, FileSystem.isFolder(output), !FileSystem.isEmptyFolder(output) else { return nil }
      return item(.leftover, output, "attempt \(id) succeeded and did not announce it as an artifact")
    }
  }

  func temporaries(ofDatabase path: String) -> [Garbage] {
    guard facts.open.isEmpty else { return [] }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return FileSystem.entries(of: folder).filter { $0.hasPrefix("\(name).") && $0.hasSuffix(".tmp") }.map {
      item(.temporary, "\(folder)/\($0)", "a copy that was not completed")
    }
  }

  private func item(_ kind: Garbage.Kind, _ path: String, _ reason: String) -> Garbage {
    Garbage(kind: kind, path: path, reason: reason, byteCount: ArtifactContent.byteCount(at: path) ?? 0)
  }
}
