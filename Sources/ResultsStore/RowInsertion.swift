import GRDB
import GRDBSQLite

/// A statement that is executed for many rows, with its values bound one after the other.
///
/// Arrays of existential values, as `Statement.execute` takes them, cost as much as the insertion itself.
struct RowInsertion: ~Copyable {
  private let database: Database
  /// Keeps the handle alive.
  private let statement: Statement
  private let handle: OpaquePointer
  private var column: Int32 = 0

  /// Prepares a statement, or takes the cached one.
  init(_ sql: String, in database: Database) throws {
    self.database = database
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  mutating func bind(_ value: Int64?) {
    column += 1
    if let value { sqlite3_bind_int64(handle, column, value) } else { sqlite3_bind_null(handle, column) }
  }

  mutating func bind(_ value: Int?) { bind(value.map { Int64($0) }) }

  mutating func bind(_ value: Double?) {
    column += 1
    if let value { sqlite3_bind_double(handle, column, value) } else { sqlite3_bind_null(handle, column) }
  }

  mutating func bind(_ value: String?) {
    column += 1
    guard let value else {
      sqlite3_bind_null(handle, column)
      return
    }
    // SQLite copies the text before the call returns.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(handle, column, value, Int32(value.utf8.count), transient)
  }

  /// Inserts the row whose values have been bound, from the first to the last.
  mutating func execute() throws {
    column = 0
    let result = sqlite3_step(handle)
    defer { sqlite3_reset(handle) }
    guard result == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: result), message: database.lastErrorMessage)
    }
  }
}
