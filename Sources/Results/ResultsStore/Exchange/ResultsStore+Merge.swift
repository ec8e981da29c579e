import GRDB

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
  /// - Throws: `StoreError`: `.missing`, `.notADatabase`, `.corrupt` if the other database or a bundle is damaged or not what this program
  ///   makes, `.newerSchema`, `.inconsistent` if it has another content for a run that is here, `.artifact` if one of its files is missing
  ///   or altered, `.diskFull`.
  @discardableResult
  public func merge(
    _ other: String, selection: ExportSelection = ExportSelection()
  ) throws(StoreError) -> MergeSummary {
    try requireWritable()
    return try merge(try MergeSource(foreign: other, workFolder: folder), selection)
  }

  /// Adds the runs of a source, which is given up afterwards.
  func merge(_ source: MergeSource, _ selection: ExportSelection) throws(StoreError) -> MergeSummary {
    defer {
      source.discard()
      attempts.forgetIDs()
    }
    let (pool, artifacts, path, folder) = (pool, artifacts, path, folder)
    do {
      return try pool.barrierWriteWithoutTransaction { database in
        try database.execute(sql: "ATTACH DATABASE ? AS source", arguments: [source.database])
        defer { try? database.execute(sql: "DETACH DATABASE source") }
        let merge = StoreMerge(database: database, artifacts: artifacts, folder: folder, source: source)
        return try merge.run(selection)
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      // The rows are the source's, so what is wrong with them is too.
      let foreign = ForeignDatabase(path: source.database, original: source.original)
      throw foreign.damage(error.message ?? "a row breaks its rules")
    } catch {
      throw StoreError(error, path: path)
    }
  }
}
