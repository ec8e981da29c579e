import Glibc

/// Where runs are merged from: the tables of a database, and the files beside it.
struct MergeSource {
  /// The database file to attach.
  let database: String
  /// The folder of its artifacts and logs.
  let folder: String
  /// The database as the user knows it, for messages.
  let original: String
  private let copy: String?
  /// Whether links in the folder are followed: only in one's own.
  private let followsLinks: Bool

  var artifacts: ArtifactStore { ArtifactStore(folder: folder, onStep: { _ in }) }

  /// A database that this program has open, read where its store reads it.
  init(own store: ResultsStore) throws(StoreError) {
    let path = store.path
    if let problem = try StoreBackup.problems(inDatabase: store.reading.name).first {
      throw StoreError(
        code: .corrupt, message: "'\(path)' is damaged (\(problem)); restore it from a backup", path: path)
    }
    (database, original, copy, followsLinks) = (store.reading.name, path, nil, true)
    folder = store.folder
  }

  /// A bundle, a results folder or a database file of anybody: its database is copied, examined, and brought to the present schema.
  ///
  /// - Parameters:
  ///   - path: The bundle, folder or file; it is not changed.
  ///   - workFolder: Where the copy is made.
  /// - Throws: `StoreError`: `.missing`, `.notADatabase`, `.corrupt`, `.newerSchema`, `.migration`, `.diskFull`.
  init(foreign path: String, workFolder: String) throws(StoreError) {
    var isSealed = false
    original = FileSystem.isFolder(path) ? "\(path)/results.sqlite" : path
    folder = FileSystem.folder(of: original)
    if FileSystem.isFolder(path) {
      isSealed = FileSystem.kind(of: "\(path)/\(ResultsBundle.manifestName)") != nil
      if isSealed { try ResultsBundle.check(path) }
    }
    guard let kind = FileSystem.kind(of: original) else {
      throw StoreError(
        code: .missing, message: "there is no results database '\(original)'; name another file or folder",
        path: original)
    }
    guard kind == .file else {
      throw StoreError(
        code: .notADatabase, message: "'\(original)' is not a file; name the folder or file that it stands for",
        path: original)
    }
    let temporary = "\(workFolder)/results.sqlite.merge-\(UInt64.random(in: 0...UInt64.max)).tmp"
    (database, copy, followsLinks) = (temporary, temporary, false)
    do {
      try prepareCopy(isSealed: isSealed)
    } catch {
      discard()
      throw error
    }
  }

  private func prepareCopy(isSealed: Bool) throws(StoreError) {
    let foreign = ForeignDatabase(path: database, original: original)
    if isSealed {
      // Its bytes were checked; what may lie beside them, such as a write-ahead log, does not belong to it.
      try FileSystem.copy(original, to: database)
    } else {
      try foreign.copyPages()
    }
    let version = try foreign.examinedVersion()
    if version < Schema.current.version {
      do {
        _ = try StoreMigration(path: database, schema: .current).migrate(from: version)
      } catch {
        guard error.code == .migration else { throw error }
        throw foreign.damage("its rows cannot be brought from schema \(version) to \(Schema.current.version)")
      }
    }
    try foreign.examineValues()
  }

  /// The path of something in the folder, if no part of it is a link; nil otherwise.
  func path(_ parts: String...) -> String? {
    var path = folder
    for (index, part) in parts.enumerated() {
      path += "/\(part)"
      if followsLinks { continue }
      guard let found = FileSystem.kind(of: path), found != .other else { return nil }
      guard index == parts.count - 1 || found == .folder else { return nil }
    }
    return path
  }

  /// Removes the copy and what was made beside it.
  func discard() {
    guard let copy, let name = copy.split(separator: "/").last else { return }
    let folder = FileSystem.folder(of: copy)
    for entry in FileSystem.entries(of: folder) where entry.hasPrefix(name) { FileSystem.remove("\(folder)/\(entry)") }
  }
}
