import GRDB
import GRDBSQLite

/// A query that is asked for many keys, one after the other.
///
/// A cursor of `Statement` for each of a hundred thousand attempts costs more than SQLite's answer.
struct RowLookup: ~Copyable {
  private let database: Database
  /// Keeps the handle alive.
  private let statement: Statement
  private let handle: OpaquePointer

  /// Prepares a query with one parameter.
  init(_ sql: String, in database: Database) throws {
    self.database = database
    statement = try database.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  /// Calls the body with each row of the answer for a key; the row is good for that call only.
  func forEachRow(_ key: Int64, _ body: (StoredRow) throws -> Void) throws {
    defer { sqlite3_reset(handle) }
    var result = sqlite3_bind_int64(handle, 1, key)
    guard result == SQLITE_OK else { throw failure(result) }
    while true {
      result = sqlite3_step(handle)
      if result == SQLITE_DONE { return }
      guard result == SQLITE_ROW else { throw failure(result) }
      try body(StoredRow(handle: handle))
    }
  }

  private func failure(_ result: Int32) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: result), message: database.lastErrorMessage)
  }
}
