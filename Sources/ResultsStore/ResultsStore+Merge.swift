import GRDB
import Glibc

/// What a merge added.
public struct MergeSummary: Sendable, Hashable {
  /// Runs that were not there before, by their ids in this database.
  public var addedRuns: [Int64] = []
  /// How many of the other database's runs were there already.
  public var knownRuns = 0
  /// Runs of the other database that were left out because they have not ended, by their ids there.
  public var unfinishedRuns: [Int64] = []
  /// How many attempts were added.
  public var addedAttempts = 0
  /// How many files and folders were copied.
  public var addedFiles = 0
  /// How many attempts were marked as invalid because the other database says so.
  public var newlyInvalid = 0
}

extension ResultsStore {
  /// Adds the runs of another results database or bundle, with their plans, attempts, samples, files, logs and events.
  ///
  /// A run keeps its name (`run.uid`), machine, commit and times, and gets a new id here. A run that is here already is not touched, except
  /// that attempts which were invalidated there become invalid here; so merging again changes nothing, and the order of several merges
  /// does not matter. Runs that have not ended are left out. Nothing is added unless everything is: the rows come in one transaction,
  /// after the files.
  ///
  /// - Parameters:
  ///   - other: A bundle, a results folder, or a database file with its artifacts beside it; it is not changed.
  ///   - selection: Which of its runs; runs whose results those used come along.
  /// - Returns: What was added.
  /// - Throws: `StoreError`: `.missing`, `.corrupt` if the other database or a bundle is damaged, `.newerSchema`, `.artifact` if one of its
  ///   files is missing or altered, `.diskFull`.
  @discardableResult
  public func merge(
    _ other: String, selection: ExportSelection = ExportSelection()
  ) throws(StoreError) -> MergeSummary {
    try requireWritable()
    let source = try MergeSource(at: other, workFolder: folder)
    defer {
      source.discard()
      attempts.forgetIDs()
    }
    let (pool, artifacts, path, folder) = (pool, artifacts, path, folder)
    return try StoreError.translating(path: path) {
      try pool.barrierWriteWithoutTransaction { database in
        try database.execute(sql: "ATTACH DATABASE ? AS source", arguments: [source.database])
        defer { try? database.execute(sql: "DETACH DATABASE source") }
        let merge = StoreMerge(database: database, artifacts: artifacts, folder: folder, source: source)
        return try merge.run(selection)
      }
    }
  }
}

/// A database that is merged: found, checked, and brought to the present schema in a copy if it is older.
struct MergeSource {
  /// The database file to attach.
  let database: String
  /// The folder of its artifacts and logs.
  let folder: String
  private let copy: String?

  var artifacts: ArtifactStore { ArtifactStore(folder: folder, onStep: { _ in }) }

  init(at path: String, workFolder: String) throws(StoreError) {
    let original: String
    if FileSystem.isFolder(path) {
      if FileSystem.size(ofFile: "\(path)/\(ResultsBundle.manifestName)") != nil { try ResultsBundle.check(path) }
      original = "\(path)/results.sqlite"
    } else {
      original = path
    }
    folder = FileSystem.folder(of: original)
    let opening = StoreOpening(path: original, schema: .current)
    let version = try opening.version()
    if let problem = try StoreBackup.problems(inDatabase: original).first {
      throw StoreError(
        code: .corrupt, message: "'\(original)' is damaged (\(problem)); merge a backup of it instead", path: original)
    }
    guard version < Schema.current.version else {
      database = original
      copy = nil
      return
    }
    let temporary = "\(workFolder)/results.sqlite.merge-\(UInt64.random(in: 0...UInt64.max)).tmp"
    try StoreBackup(path: original).make(at: temporary)
    do {
      let backup = try StoreMigration(path: temporary, schema: .current).migrate(from: version)
      FileSystem.remove(backup)
    } catch {
      FileSystem.remove(temporary)
      throw error
    }
    database = temporary
    copy = temporary
  }

  func discard() {
    guard let copy else { return }
    for suffix in ["", "-wal", "-shm"] { FileSystem.remove(copy + suffix) }
  }
}
