import Digest
import GRDB
import GRDBSQLite
import JSON

/// A row of an answer whose values are checked as they are read: a database may be damaged, or somebody else's.
struct StoredRow {
  /// A value of another kind than belongs in its column.
  struct Mismatch: Error, CustomStringConvertible {
    /// A clause that names column and table.
    var description: String
  }

  let handle: SQLiteStatement

  /// The value of a column.
  ///
  /// - Throws: `Mismatch` if it is NULL and the type is not optional, of another kind, or too great.
  subscript<Value: StoredValue>(_ index: Int) -> Value {
    get throws(Mismatch) {
      let column = StoredColumn(handle: handle, index: Int32(truncatingIfNeeded: index))
      guard let value = Value.decoded(from: column) else {
        throw Mismatch(description: "\(column.name) holds \(column.kind) where \(Value.noun) belongs")
      }
      return value
    }
  }
}

/// One value of a row as SQLite has it.
struct StoredColumn {
  fileprivate let handle: SQLiteStatement
  fileprivate let index: Int32

  private var type: Int32 { sqlite3_column_type(handle, index) }

  var isNull: Bool { type == SQLITE_NULL }

  /// A whole number; nil for anything else.
  var integer: Int64? { type == SQLITE_INTEGER ? sqlite3_column_int64(handle, index) : nil }

  /// A number; nil for anything else.
  var real: Double? {
    type == SQLITE_FLOAT || type == SQLITE_INTEGER ? sqlite3_column_double(handle, index) : nil
  }

  /// Text, also if it contains NUL; nil for anything else.
  var text: String? {
    guard type == SQLITE_TEXT, let start = sqlite3_column_text(handle, index) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, index))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// Bytes; nil for anything else.
  var bytes: [UInt8]? {
    guard type == SQLITE_BLOB else { return nil }
    return [UInt8](
      UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, index), count: Int(sqlite3_column_bytes(handle, index)))
    )
  }

  fileprivate var kind: String {
    switch type {
    case SQLITE_NULL: "nothing"
    case SQLITE_INTEGER, SQLITE_FLOAT: "the number \(real ?? 0)"
    case SQLITE_TEXT: "text"
    default: "bytes"
    }
  }

  /// The column as the table knows it, or as the query names it.
  fileprivate var name: String {
    func text(_ name: UnsafePointer<CChar>?) -> String? { name.map { String(cString: $0) } }
    let column = text(sqlite3_column_origin_name(handle, index)) ?? text(sqlite3_column_name(handle, index)) ?? "?"
    guard let table = text(sqlite3_column_table_name(handle, index)) else { return "column '\(column)' of an answer" }
    return "column '\(column)' of table '\(table)'"
  }
}

/// What the value of a column can be read as.
protocol StoredValue {
  /// What belongs in such a column, with its article.
  static var noun: String { get }

  /// The value of a column; nil if it is of another kind.
  static func decoded(from column: StoredColumn) -> Self?
}

extension Int64: StoredValue {
  static let noun = "a whole number"
  static func decoded(from column: StoredColumn) -> Int64? { column.integer }
}

extension Int: StoredValue {
  static let noun = "a whole number"
  static func decoded(from column: StoredColumn) -> Int? { column.integer.flatMap { Int(exactly: $0) } }
}

extension Int32: StoredValue {
  static let noun = "a whole number of 32 bits"
  static func decoded(from column: StoredColumn) -> Int32? { column.integer.flatMap { Int32(exactly: $0) } }
}

extension Bool: StoredValue {
  static let noun = "0 or 1"
  static func decoded(from column: StoredColumn) -> Bool? {
    switch column.integer {
    case 0: false
    case 1: true
    default: nil
    }
  }
}

extension Double: StoredValue {
  static let noun = "a number"
  static func decoded(from column: StoredColumn) -> Double? { column.real }
}

extension String: StoredValue {
  static let noun = "text"
  static func decoded(from column: StoredColumn) -> String? { column.text }
}

extension JSONValue: StoredValue {
  static let noun = "JSON text"
  static func decoded(from column: StoredColumn) -> JSONValue? {
    guard let text = column.text, let value = try? JSONValue(parsing: text) else { return Optional.none }
    return value
  }
}

extension SHA256Digest: StoredValue {
  static let noun = "64 lower-case hexadecimal digits"
  static func decoded(from column: StoredColumn) -> SHA256Digest? { column.text.flatMap { SHA256Digest(hex: $0) } }
}

extension Optional: StoredValue where Wrapped: StoredValue {
  static var noun: String { Wrapped.noun }
  static func decoded(from column: StoredColumn) -> Wrapped?? {
    column.isNull ? .some(nil) : Wrapped.decoded(from: column).map { .some($0) }
  }
}

extension Statement {
  /// Calls the body with each row of the answer; the row is good for that call only.
  func forEachRow(_ arguments: StatementArguments = [], _ body: (StoredRow) throws -> Void) throws {
    let cursor = try Row.fetchCursor(self, arguments: arguments)
    while try cursor.next() != nil { try body(StoredRow(handle: sqliteStatement)) }
  }

  /// What the body makes of each row of the answer.
  func rows<Value>(_ arguments: StatementArguments = [], _ make: (StoredRow) throws -> Value) throws -> [Value] {
    var values: [Value] = []
    try forEachRow(arguments) { values.append(try make($0)) }
    return values
  }

  /// What the body makes of the first row of the answer; nil if there is none.
  func firstRow<Value>(_ arguments: StatementArguments = [], _ make: (StoredRow) throws -> Value) throws -> Value? {
    let cursor = try Row.fetchCursor(self, arguments: arguments)
    return try cursor.next() == nil ? nil : try make(StoredRow(handle: sqliteStatement))
  }
}

extension Database {
  /// Calls the body with each row of the answer; the row is good for that call only.
  func forEachRow(
    sql: String, arguments: StatementArguments = [], _ body: (StoredRow) throws -> Void
  ) throws {
    try makeStatement(sql: sql).forEachRow(arguments, body)
  }

  /// What the body makes of each row of the answer.
  func rows<Value>(
    sql: String, arguments: StatementArguments = [], _ make: (StoredRow) throws -> Value
  ) throws -> [Value] {
    try makeStatement(sql: sql).rows(arguments, make)
  }

  /// What the body makes of the first row of the answer; nil if there is none.
  func firstRow<Value>(
    sql: String, arguments: StatementArguments = [], _ make: (StoredRow) throws -> Value
  ) throws -> Value? {
    try makeStatement(sql: sql).firstRow(arguments, make)
  }
}
