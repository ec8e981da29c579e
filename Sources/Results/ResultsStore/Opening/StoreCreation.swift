import GRDB
import Glibc

/// Makes a new database under another name, and gives it its own when it is whole: a kill leaves none, or all of it.
struct StoreCreation {
  let path: String
  let schema: Schema

  func make() throws(StoreError) {
    let temporary = "\(path)\(Self.mark)\(getpid())-\(UInt64.random(in: 0...UInt64.max)).tmp"
    defer { Self.remove(temporary) }
    try StoreError.translating(path: path) {
      let queue = try DatabaseQueue(path: temporary)
      try queue.inDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.inTransaction(.immediate) {
          try database.execute(sql: schema.sql)
          return .commit
        }
        // Last, so that everything is in the file itself.
        try database.execute(sql: "PRAGMA journal_mode = WAL")
      }
      try queue.close()
    }
    if let log = DatabaseCompanion.allCases.first(where: { FileSystem.size(ofFile: temporary + $0.suffix) ?? 0 > 0 }) {
      throw FileSystem.failure("write", temporary + log.suffix, EIO)
    }
    try FileSystem.synchronize(temporary)
    // What is left of an earlier file of this name would be taken for a part of the new one.
    for companion in DatabaseCompanion.allCases { FileSystem.remove(path + companion.suffix) }
    try FileSystem.rename(temporary, to: path)
    try FileSystem.synchronize(FileSystem.folder(of: path))
  }

  /// Removes what processes left that were killed while they made a database; for the one that may write.
  func clear() {
    let folder = FileSystem.folder(of: path)
    let prefix = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? path
    for name in FileSystem.entries(of: folder) where name.hasPrefix(prefix + Self.mark) {
      FileSystem.remove("\(folder)/\(name)")
    }
  }

  private static let mark = ".new-"

  private static func remove(_ file: String) {
    FileSystem.remove(file)
    for companion in DatabaseCompanion.allCases { FileSystem.remove(file + companion.suffix) }
  }
}

/// A file that SQLite keeps beside a database.
enum DatabaseCompanion: String, CaseIterable {
  /// What a transaction overwrote, until it is committed.
  case journal
  /// What was committed and is not in the database file yet.
  case wal
  /// The index of the write-ahead log that processes share.
  case shm

  var suffix: String { "-\(rawValue)" }
}
