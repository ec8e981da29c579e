import Digest
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
  /// What the first value that could not be bound met with.
  private var refusal = SQLITE_OK
  private var digits: [UInt8] = []

  /// Has SQLite copy a text before the call returns.
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// Prepares a statement, or takes the cached one.
  init(_ sql: String, in database: Database) throws {
    self.database = database
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  mutating func bind(_ value: Int64?) {
    guard let value else { return bindNull() }
    column += 1
    note(sqlite3_bind_int64(handle, column, value))
  }

  mutating func bind(_ value: Int?) { bind(value.map { Int64($0) }) }

  mutating func bind(_ value: Double?) {
    guard let value else { return bindNull() }
    column += 1
    note(sqlite3_bind_double(handle, column, value))
  }

  mutating func bind(_ value: String?) {
    guard let value else { return bindNull() }
    column += 1
    note(sqlite3_bind_text64(handle, column, value, UInt64(value.utf8.count), Self.transient, UInt8(SQLITE_UTF8)))
  }

  mutating func bind(_ digest: SHA256Digest) {
    digits.removeAll(keepingCapacity: true)
    digest.appendHex(to: &digits)
    column += 1
    note(sqlite3_bind_text64(handle, column, digits, UInt64(digits.count), Self.transient, UInt8(SQLITE_UTF8)))
  }

  private mutating func bindNull() {
    column += 1
    note(sqlite3_bind_null(handle, column))
  }

  private mutating func note(_ result: Int32) {
    if refusal == SQLITE_OK { refusal = result }
  }

  /// Inserts the row whose values have been bound, from the first to the last.
  mutating func execute() throws {
    column = 0
    defer {
      sqlite3_reset(handle)
      refusal = SQLITE_OK
    }
    let result = refusal == SQLITE_OK ? sqlite3_step(handle) : refusal
    guard result == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: result), message: database.lastErrorMessage)
    }
  }
}
