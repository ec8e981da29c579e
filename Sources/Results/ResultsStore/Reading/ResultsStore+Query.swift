import GRDB
import JSON

/// What a query gave.
public struct QueryResult: Sendable, Equatable {
  /// One value of a row.
  public enum Value: Sendable, Hashable {
    /// NULL.
    case null
    /// A whole number.
    case integer(Int64)
    /// A number; infinities occur, NaN does not.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
  }

  /// Names of the columns.
  public var columns: [String]
  /// The rows, each with a value for every column.
  public var rows: [[Value]]

  /// Makes a result.
  public init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}

extension ResultsStore {
  /// Runs one SQL query on a connection that cannot write, in one snapshot, beside a writer.
  ///
  /// The views `result` and `latest_result` have here, in addition to what schema.sql says, a column for each axis of any experiment; an
  /// axis with the name of another column has the name `axis_…`.
  ///
  /// - Parameters:
  ///   - sql: One statement that reads.
  ///   - timeLimit: Seconds after which the answer is given up.
  /// - Returns: Columns and rows.
  /// - Throws: `StoreError`: `.inconsistent` with SQLite's words if the statement is wrong, would do anything but read, or needs more time
  ///   or memory than it may.
  public func query(_ sql: String, timeLimit: Double = 60) throws(StoreError) -> QueryResult {
    do {
      let queue = try DatabaseQueue(path: reading.name, configuration: StoreOpening.readingConfiguration)
      defer { try? queue.close() }
      let result = try queue.inDatabase { database in
        try AxisViews.make(in: database)
        return try ReadingStatement(sql: sql, timeLimit: timeLimit).result(in: database)
      }
      try reading.requireUnchanged()
      return result
    } catch let error as DatabaseError where Self.isWrong(error) {
      throw StoreError(
        code: .inconsistent,
        message:
          "the query cannot be answered: \(error.message?.asDetail ?? "SQLite error"); Docs/Results.md lists tables and views",
        path: path, cause: error)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Whether an error is one of the statement, not of the database.
  private static func isWrong(_ error: DatabaseError) -> Bool {
    [.SQLITE_ERROR, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_INTERRUPT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_NOMEM]
      .contains(error.resultCode)
  }
}

/// Views in the connection's own memory that show each axis as a column.
enum AxisViews {
  static func make(in database: Database) throws {
    let taken = Set(try database.columns(in: "result").map { $0.name.lowercased() })
    var seen: Set<String> = []
    let columns = try names(in: database).compactMap { axis -> String? in
      let name = taken.contains(axis.lowercased()) ? "axis_\(axis)" : axis
      guard seen.insert(name.lowercased()).inserted else { return nil }
      return "axes ->> \(literal(of: "$.\"\(axis)\"")) AS \(name.quotedDatabaseIdentifier)"
    }
    guard !columns.isEmpty else { return }
    try database.execute(sql: "PRAGMA temp_store = MEMORY")
    for view in ["result", "latest_result"] {
      try database.execute(
        sql: "CREATE TEMP VIEW \(view) AS SELECT *, \(columns.joined(separator: ", ")) FROM main.\(view)")
    }
  }

  /// Axes that become columns; SQLite gives a view no more than two thousand.
  private static let columnLimit = 1500

  /// The axes of all plans, in their order there; of very many, those of the latest plans.
  static func names(in database: Database) throws -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for text in try String.fetchAll(database, sql: "SELECT DISTINCT axes FROM plan ORDER BY id") {
      for name in (try? JSONValue(parsing: text))?.arrayValue?.compactMap(\.stringValue) ?? []
      where !name.contains("\"") && seen.insert(name).inserted {
        names.append(name)
      }
    }
    return names.suffix(columnLimit)
  }

  private static func literal(of text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
