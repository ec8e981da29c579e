import GRDB

/// Names and units of metrics, each looked up when it is first met.
///
/// A million samples share a few names; and of the names in a database one experiment may have few.
final class MetricNames {
  private let lookup: RowLookup
  private let database: Database
  private var known: [Int64: (name: String, unit: String)] = [:]

  /// Starts with nothing known.
  init(in database: Database) throws {
    lookup = try RowLookup("SELECT name, unit FROM metric WHERE id = ?", in: database)
    self.database = database
  }

  /// The name and unit of a row; empty if there is no such row.
  subscript(id: Int64) -> (name: String, unit: String) {
    get throws {
      if let name = known[id] { return name }
      var found = (name: "", unit: "")
      try lookup.forEachRow(id) { found = (name: try $0[0], unit: try $0[1]) }
      known[id] = found
      return found
    }
  }

  /// Returns the rows of some names, in ascending order.
  func ids(of names: Set<String>) throws -> [Int64] {
    let statement = try database.cachedStatement(sql: "SELECT id FROM metric WHERE name = ?")
    return try names.flatMap { try statement.rows([$0]) { try $0[0] as Int64 } }.sorted()
  }
}
