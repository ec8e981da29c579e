import GRDB
import Glibc

/// Opens the database file: inspects it first, so that nothing is changed that may not be.
struct StoreOpening {
  struct Opened {
    var pool: DatabasePool
    var lock: StoreLock?
    var backup: String?
  }

  private enum Content {
    case nothing
    case version(Int)
  }

  let path: String
  let schema: Schema

  var folder: String { FileSystem.folder(of: path) }

  func forReading() throws(StoreError) -> Opened {
    guard FileSystem.size(ofFile: path) != nil else { throw missing }
    switch try inspect() {
    case .nothing: throw missing
    case .version(let found) where found < schema.version:
      throw StoreError(
        code: .olderSchema,
        message:
          "'\(path)' was made by an older version of this program (schema \(found), this one reads \(schema.version)); "
          + "`orchestrate recover` brings it up to date, after a backup",
        path: path)
    case .version: break
    }
    var configuration = Self.configuration
    configuration.readonly = true
    let pool = try StoreError.translating(path: path) {
      try DatabasePool(path: path, configuration: configuration)
    }
    return Opened(pool: pool, lock: nil, backup: nil)
  }

  func forWriting() throws(StoreError) -> Opened {
    try FileSystem.makeFolder(folder)
    let lock = try StoreLock(database: path)
    var backup: String?
    let content = FileSystem.size(ofFile: path) == nil ? .nothing : try inspect()
    if case .version(let found) = content {
      guard found <= schema.version else { throw newer(found) }
      if found < schema.version {
        backup = try StoreMigration(path: path, schema: schema).migrate(from: found)
      }
    }
    let pool = try StoreError.translating(path: path) {
      let pool = try DatabasePool(path: path, configuration: Self.configuration)
      // Opening a pool sets NORMAL, which loses the last transactions in a power cut.
      try pool.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        if case .nothing = content {
          try database.inTransaction(.immediate) {
            try database.execute(sql: schema.sql)
            return .commit
          }
        }
      }
      return pool
    }
    if case .nothing = content { try FileSystem.synchronize(folder) }
    return Opened(pool: pool, lock: lock, backup: backup)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // Digests come in random order: with the usual 2 MiB, the same pages of a large plan would be read and written again and again.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    return configuration
  }

  private func inspect() throws(StoreError) -> Content {
    try StoreError.translating(path: path) {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      return try queue.read { database in
        let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
        if tables.isEmpty { return .nothing }
        guard tables.contains("schema_version"), tables.contains("attempt"),
          let version = try Int.fetchOne(database, sql: "SELECT version FROM schema_version")
        else {
          throw StoreError(
            code: .notADatabase,
            message:
              "'\(path)' is an SQLite file of another program (tables: \(tables.prefix(3).joined(separator: ", "))); "
              + "name another file",
            path: path)
        }
        return .version(version)
      }
    }
  }

  private var missing: StoreError {
    StoreError(
      code: .missing,
      message: "there is no results database '\(path)'; `orchestrate run` makes one, or name another results folder",
      path: path)
  }

  private func newer(_ found: Int) -> StoreError {
    StoreError(
      code: .newerSchema,
      message:
        "'\(path)' was made by a newer version of this program (schema \(found), this one writes \(schema.version)); "
        + "update this program, or use another results folder",
      path: path)
  }
}
