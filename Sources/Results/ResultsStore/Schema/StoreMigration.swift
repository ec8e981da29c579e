import AttemptModel
import GRDB
import Glibc

/// Brings an older database to the present schema, in one transaction and after a verified backup.
struct StoreMigration {
  let path: String
  let schema: Schema

  /// Migrates and returns the path of the backup.
  func migrate(from version: Int) throws(StoreError) -> String {
    guard let steps = schema.path(from: version) else {
      throw StoreError(
        code: .migration,
        message: "'\(path)' has schema \(version), which this program (schema \(schema.version)) cannot migrate; "
          + "open it once with a version in between",
        path: path)
    }
    let stamp = TimePoint.now().iso8601.filter { $0 != ":" && $0 != "-" && $0 != "." }
    let backup = "\(path).schema-\(version)-\(stamp).backup"
    try StoreBackup(path: path).make(at: backup)
    do {
      let queue = try DatabaseQueue(path: path)
      try queue.inDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        try database.inTransaction(.immediate) {
          for step in steps { try database.execute(sql: step.sql) }
          try database.execute(sql: "UPDATE schema_version SET version = ?", arguments: [schema.version])
          try database.execute(
            sql: "INSERT INTO event (at, kind, detail) VALUES (?, 'migrated', ?)",
            arguments: [TimePoint.now().iso8601, "from schema \(version) to \(schema.version)"])
          try database.checkForeignKeys()
          return .commit
        }
      }
      try queue.close()
    } catch {
      throw StoreError(
        code: .migration,
        message: "'\(path)' could not be migrated from schema \(version) to \(schema.version) (\(error)); "
          + "it is unchanged, and '\(backup)' is a copy",
        path: path, cause: error)
    }
    return backup
  }
}
