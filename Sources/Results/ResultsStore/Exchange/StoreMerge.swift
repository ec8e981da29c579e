import Digest
import GRDB
import Glibc

/// Copies the selected runs of the attached database `source`.
struct StoreMerge {
  let database: Database
  let artifacts: ArtifactStore
  let folder: String
  let source: MergeSource

  func run(_ selection: ExportSelection) throws -> MergeSummary {
    var summary = MergeSummary()
    defer { try? dropMaps() }
    try mapRuns(selection, &summary)
    try StoreMergeConflicts(database: database, source: source.original).check()
    let missing = try copyFiles(&summary)
    var folders: [String] = []
    do {
      try database.inTransaction(.immediate) {
        try StoreMergeRows(database: database).insert(missing: missing)
        try finish(&summary)
        folders = try copyLogs()
        return .commit
      }
    } catch {
      for folder in folders { FileSystem.remove(folder) }
      throw error
    }
    return summary
  }

  /// Makes the table merge_run: the other database's ended runs that are wanted, and those whose results they used.
  private func mapRuns(_ selection: ExportSelection, _ summary: inout MergeSummary) throws {
    try dropMaps()
    try database.execute(
      sql: "CREATE TEMP TABLE merge_run (source INTEGER PRIMARY KEY, target INTEGER, is_new INTEGER NOT NULL)")
    let wanted = try selection.runIDs(in: database, schema: "source")
    let rows = try database.rows(
      sql: """
        WITH RECURSIVE wanted(id) AS (
          SELECT value FROM json_each(?)
          UNION
          SELECT attempt.run_id FROM wanted JOIN source.run_job ON run_job.run_id = wanted.id
          JOIN source.attempt ON attempt.id = run_job.attempt_id)
        SELECT run.id, run.state = 'running', (SELECT id FROM main.run AS own WHERE own.uid = run.uid)
        FROM wanted JOIN source.run ON run.id = wanted.id ORDER BY run.id
        """,
      arguments: [wanted.jsonList]
    ) { (id: try $0[0] as Int64, isRunning: try $0[1] as Bool, own: try $0[2] as Int64?) }
    for row in rows {
      if row.isRunning {
        summary.unfinishedRuns.append(row.id)
        continue
      }
      if row.own != nil { summary.knownRuns += 1 }
      try database.execute(
        sql: "INSERT INTO merge_run (source, target, is_new) VALUES (?, ?, ?)",
        arguments: [row.id, row.own, row.own == nil])
    }
  }

  private func dropMaps() throws {
    for table in ["merge_run", "merge_plan", "merge_attempt", "merge_input_set"] {
      try database.execute(sql: "DROP TABLE IF EXISTS temp.\(table)")
    }
  }

  /// A content of a new attempt, and whether an attempt that counts refers to it.
  private typealias WantedContent = (artifact: StoredArtifact, isNeeded: Bool)

  /// Stores the files of new attempts; returns the digests of those that were freed there or belong to invalid attempts only.
  private func copyFiles(_ summary: inout MergeSummary) throws -> [SHA256Digest] {
    let contents = try database.rows(
      sql: """
        SELECT artifact.sha256, artifact.byte_count, artifact.media_type, min(artifact.name),
          max(attempt.invalid_reason IS NULL)
            AND artifact.sha256 NOT IN (SELECT sha256 FROM source.freed_content) AS is_needed
        FROM temp.merge_run JOIN source.attempt ON attempt.run_id = merge_run.source
        JOIN source.artifact ON artifact.attempt_id = attempt.id
        WHERE merge_run.is_new GROUP BY artifact.sha256, artifact.byte_count ORDER BY artifact.sha256
        """
    ) { row -> WantedContent in
      let artifact = StoredArtifact(
        name: try row[3], digest: try row[0], byteCount: try row[1], mediaType: try row[2])
      return (artifact: artifact, isNeeded: try row[4] as Bool)
    }
    var missing: [SHA256Digest] = []
    var rest = contents.filter { !artifacts.isWhole($0.artifact) }[...]
    while !rest.isEmpty {
      let batch = Self.batch(of: rest)
      rest = rest.dropFirst(batch.count)
      let stored = try artifacts.adopt(
        batch.compactMap { artifact, _ in
          let hex = artifact.digest.hex
          return source.path("artifacts", String(hex.prefix(2)), String(hex.dropFirst(2))).map { (artifact, $0) }
        })
      summary.addedFiles += stored.count
      for (artifact, isNeeded) in batch where !stored.contains(artifact.digest) {
        guard !isNeeded else { throw missingFile(artifact) }
        missing.append(artifact.digest)
      }
    }
    return missing
  }

  /// The first contents of some, as many as are copied before the disk is waited for: what a kill costs is little.
  private static func batch(of contents: ArraySlice<WantedContent>) -> ArraySlice<WantedContent> {
    var byteCount: Int64 = 0
    return contents.prefix(4096).prefix { content in
      defer { byteCount += content.artifact.byteCount }
      return byteCount < 1 << 28
    }
  }

  private func missingFile(_ artifact: StoredArtifact) -> StoreError {
    let path = source.artifacts.path(of: artifact.digest)
    return StoreError(
      code: .artifact,
      message:
        "'\(path)' (artifact '\(artifact.name)') is missing or altered; `orchestrate verify` there tells more, "
        + "nothing was merged",
      path: path)
  }

  private func finish(_ summary: inout MergeSummary) throws {
    summary.newlyInvalid = try takeOverInvalidations()
    summary.addedRuns = try Int64.fetchAll(database, sql: "SELECT target FROM merge_run WHERE is_new ORDER BY target")
    summary.addedAttempts =
      try Int.fetchOne(database, sql: "SELECT count(*) FROM merge_attempt WHERE is_new") ?? 0
  }

  /// Of two different reasons the one that sorts first stays, whatever the order of merges.
  private func takeOverInvalidations() throws -> Int {
    try database.execute(
      sql: """
        UPDATE main.attempt AS own SET invalid_reason = min(coalesce(own.invalid_reason, other.invalid_reason),
          other.invalid_reason)
        FROM temp.merge_attempt AS map JOIN source.attempt AS other ON other.id = map.source
        WHERE own.id = map.target AND NOT map.is_new AND other.invalid_reason IS NOT NULL
          AND (own.invalid_reason IS NULL OR own.invalid_reason > other.invalid_reason)
        """)
    return database.changesCount
  }

  /// Copies standard output and error of the new attempts; returns the folders made.
  private func copyLogs() throws -> [String] {
    var made: [String] = []
    let attempts = try database.rows(sql: "SELECT source, target FROM merge_attempt WHERE is_new") {
      (source: try $0[0] as Int64, target: try $0[1] as Int64)
    }
    for attempt in attempts {
      let to = "\(folder)/attempts/\(attempt.target)"
      for name in ["stdout.log", "stderr.log"] {
        guard let from = source.path("attempts", String(attempt.source), name),
          (FileSystem.size(ofFile: from) ?? 0) > 0
        else { continue }
        if made.last != to {
          FileSystem.remove(to)
          try FileSystem.makeFolder(to)
          made.append(to)
        }
        try FileSystem.copy(from, to: "\(to)/\(name)")
      }
    }
    return made
  }
}
