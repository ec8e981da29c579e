import GRDB
import Glibc

/// Makes verified copies of a database file.
struct StoreBackup {
  /// The file, as messages name it.
  let path: String
  /// What SQLite opens.
  let name: String

  init(path: String, name: String? = nil) {
    self.path = path
    self.name = name ?? path
  }

  /// Copies the database as it is at this moment, also beside a writer, and checks the copy; it appears under its name when it is whole.
  func make(at destination: String) throws(StoreError) {
    guard access(destination, F_OK) != 0 else {
      throw StoreError(
        code: .notWritable, message: "the backup '\(destination)' exists already; name a new file", path: destination)
    }
    try FileSystem.makeFolder(FileSystem.folder(of: destination))
    let copy = "\(destination).\(getpid()).tmp"
    FileSystem.remove(copy)
    defer { FileSystem.remove(copy) }
    try StoreError.translating(path: path) {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      let source = try DatabaseQueue(path: name, configuration: configuration)
      try source.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
      try source.close()
    }
    if let first = try Self.problems(inDatabase: copy).first {
      throw StoreError(
        code: .corrupt, message: "the backup '\(destination)' of '\(path)' is damaged (\(first)); check both disks",
        path: destination)
    }
    try FileSystem.synchronize(copy)
    guard link(copy, destination) == 0 else { throw FileSystem.failure("make the backup", destination, errno) }
    try FileSystem.synchronize(FileSystem.folder(of: destination))
  }

  /// What SQLite's own checks find in a file: broken pages, indexes and references.
  static func problems(inDatabase path: String) throws(StoreError) -> [String] {
    try StoreError.translating(path: path) {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { try problems(in: $0) }
    }
  }

  /// What SQLite's own checks find: broken pages, indexes and references.
  static func problems(in database: Database) throws -> [String] {
    let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
    let references = try database.rows(
      sql: #"SELECT "table", parent FROM pragma_foreign_key_check LIMIT 20"#
    ) { row in
      let names: (table: String?, parent: String?) = (try row[0], try row[1])
      return "a row of table \(names.table ?? "?") refers to a missing row of \(names.parent ?? "?")"
    }
    return pages + references
  }

  /// The same for some tables, whatever else is in the database.
  static func problems(in database: Database, tables: [String]) throws -> [String] {
    try tables.flatMap { table in
      let name = table.quotedDatabaseIdentifier
      let pages = try database.rows(sql: "PRAGMA integrity_check(\(name))") { try $0[0] as String }
      let references = try database.rows(sql: "PRAGMA foreign_key_check(\(name))") { row in
        "a row of table \(table) refers to a missing row of \(try row[2] as String? ?? "?")"
      }
      return pages.filter { $0 != "ok" } + references.prefix(20)
    }
  }
}

extension ResultsStore {
  /// Copies the database file, also while a run writes; artifacts are not copied.
  ///
  /// The copy is checked (pages, indexes, references) before this returns.
  ///
  /// - Parameter destination: A file that does not exist yet.
  /// - Throws: `StoreError`: `.notWritable`, `.diskFull`, or `.corrupt` if the copy fails its check.
  public func backup(to destination: String) throws(StoreError) {
    try StoreBackup(path: path, name: reading.name).make(at: destination)
    try reading.requireUnchanged()
  }
}
