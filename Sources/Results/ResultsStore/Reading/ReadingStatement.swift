import Dispatch
import GRDB
import GRDBSQLite

/// One SQL statement from outside, which may read and do nothing else, for a limited time and with limited memory.
///
/// SQLite asks for leave for each thing that a statement would do, also through views: what is not reading is refused before it begins.
struct ReadingStatement {
  let sql: String
  /// Seconds.
  let timeLimit: Double

  /// Bytes that the rows of an answer, or SQLite while it makes them, may take.
  static let memoryLimit = 256 << 20

  func result(in database: Database) throws -> QueryResult {
    guard let connection = database.sqliteConnection else {
      throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
    }
    let watch = Watch(seconds: timeLimit)
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(Self.memoryLimit))
    sqlite3_set_authorizer(connection, { _, action, name, _, _, _ in leave(for: action, on: name) }, nil)
    sqlite3_progress_handler(
      connection, 10_000, { $0.map { Unmanaged<Watch>.fromOpaque($0).takeUnretainedValue().mustStop } == true ? 1 : 0 },
      Unmanaged.passUnretained(watch).toOpaque())
    defer {
      sqlite3_progress_handler(connection, 0, nil, nil)
      sqlite3_set_authorizer(connection, nil, nil)
    }
    return try withExtendedLifetime(watch) {
      let statement = try prepare(on: connection)
      defer { sqlite3_finalize(statement) }
      return try answer(of: statement, on: connection, watch)
    }
  }

  private func prepare(on connection: SQLiteConnection) throws -> SQLiteStatement {
    var statement: SQLiteStatement?
    var hasMore = false
    let result = sql.withCString { text in
      var rest: UnsafePointer<CChar>?
      let result = sqlite3_prepare_v2(connection, text, -1, &statement, &rest)
      guard result == SQLITE_OK, let rest else { return result }
      // Remarks and semicolons may follow.
      var next: SQLiteStatement?
      hasMore = sqlite3_prepare_v2(connection, rest, -1, &next, nil) != SQLITE_OK || next != nil
      sqlite3_finalize(next)
      return result
    }
    guard result == SQLITE_OK else { throw failure(result, on: connection) }
    guard let statement, !hasMore, sqlite3_stmt_readonly(statement) != 0 else {
      sqlite3_finalize(statement)
      throw DatabaseError(resultCode: .SQLITE_AUTH, message: Self.rule)
    }
    return statement
  }

  private func answer(
    of statement: SQLiteStatement, on connection: SQLiteConnection, _ watch: Watch
  ) throws -> QueryResult {
    let count = Int(sqlite3_column_count(statement))
    let columns = (0..<count).map { sqlite3_column_name(statement, Int32($0)).map { String(cString: $0) } ?? "" }
    let row = StoredRow(handle: statement)
    var rows: [[QueryResult.Value]] = []
    while true {
      let result = sqlite3_step(statement)
      if result == SQLITE_DONE { return QueryResult(columns: columns, rows: rows) }
      guard result == SQLITE_ROW else {
        if result == SQLITE_INTERRUPT, let reason = watch.reason {
          throw DatabaseError(resultCode: .SQLITE_INTERRUPT, message: reason)
        }
        throw failure(result, on: connection)
      }
      let values: [QueryResult.Value] = try (0..<count).map { try row[$0] }
      rows.append(values)
      guard watch.has(roomFor: values) else {
        throw DatabaseError(resultCode: .SQLITE_INTERRUPT, message: watch.reason ?? "")
      }
    }
  }

  private func failure(_ result: Int32, on connection: SQLiteConnection) -> DatabaseError {
    if result & 0xFF == SQLITE_AUTH { return DatabaseError(resultCode: .SQLITE_AUTH, message: Self.rule) }
    return DatabaseError(
      resultCode: ResultCode(rawValue: result), message: String(cString: sqlite3_errmsg(connection)))
  }

  private static let rule = "a query only reads, with one SELECT, WITH or VALUES statement"
}

/// SQLite's question whether a statement may do something.
private func leave(for action: Int32, on name: UnsafePointer<CChar>?) -> Int32 {
  switch action {
  case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: return SQLITE_OK
  case SQLITE_UPDATE:
    // So it looks to SQLite when a table-valued function declares its columns; a statement may not do it in any case.
    return name.map { String(cString: $0) == "sqlite_master" } == true ? SQLITE_OK : SQLITE_DENY
  case SQLITE_PRAGMA:
    // Those that tell of tables, and set nothing whatever follows them.
    let telling = [
      "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
      "foreign_key_check", "integrity_check", "quick_check", "database_list", "collation_list", "function_list",
      "compile_options",
    ]
    return name.map { telling.contains(String(cString: $0).lowercased()) } == true ? SQLITE_OK : SQLITE_DENY
  default: return SQLITE_DENY
  }
}

/// Ends a statement that takes too long or too much.
private final class Watch {
  /// Why the statement had to end.
  private(set) var reason: String?
  private let seconds: Double
  private let start = DispatchTime.now().uptimeNanoseconds
  private var byteCount = 0

  init(seconds: Double) {
    self.seconds = seconds
  }

  /// Whether the statement has had its time or memory.
  var mustStop: Bool {
    if Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 > seconds {
      reason = "it takes more than \(seconds.formatted) s; ask for less, or give it more with --time-limit"
    } else if sqlite3_memory_used() > ReadingStatement.memoryLimit {
      reason = tooMuch
    }
    return reason != nil
  }

  /// Counts a row of the answer; false if it is one too many.
  func has(roomFor row: [QueryResult.Value]) -> Bool {
    byteCount += row.reduce(64) { sum, value in
      switch value {
      case .null, .integer, .real: sum + 40
      case .text(let text): sum + 40 + text.utf8.count
      case .bytes(let bytes): sum + 40 + bytes.count
      }
    }
    if byteCount > ReadingStatement.memoryLimit { reason = tooMuch }
    return reason == nil
  }

  private var tooMuch: String {
    "it needs more than \(ReadingStatement.memoryLimit >> 20) MiB; ask for less, for example with LIMIT, or use `orchestrate export`"
  }
}

extension Double {
  fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : "\(self)" }
}

extension QueryResult.Value: StoredValue {
  static let noun = "a value"

  static func decoded(from column: StoredColumn) -> QueryResult.Value? {
    if column.isNull { return .null }
    if let integer = column.integer { return .integer(integer) }
    return column.real.map { .real($0) } ?? column.text.map { .text($0) } ?? column.bytes.map { .bytes($0) }
  }
}
