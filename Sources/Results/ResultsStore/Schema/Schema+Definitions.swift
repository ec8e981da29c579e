import GRDB

extension Schema {
  /// How a database defines one table, index, trigger or view.
  struct Definition: Equatable {
    /// "table", "index", "trigger" or "view".
    var kind: String
    /// The table it belongs to.
    var table: String
    /// The statement that makes it, without spaces and quotes around names; a migration lays it out in another way.
    var text: String

    /// Whether it is a table whose rows a module makes up.
    var isVirtual: Bool { text.hasPrefix("CREATEVIRTUAL") }
  }

  /// The definitions of a database by name, as the database itself tells them.
  static func definitions(in database: Database) throws -> [String: Definition] {
    var found: [String: Definition] = [:]
    try database.forEachRow(sql: "SELECT lower(name), type, lower(tbl_name), coalesce(sql, '') FROM sqlite_schema") {
      let text: String = try $0[3]
      found[try $0[0]] = Definition(
        kind: try $0[1], table: try $0[2], text: text.filter { $0 != "\"" && !$0.isWhitespace })
    }
    return found
  }

  /// The definitions of a new database.
  func definitions() throws -> [String: Definition] {
    try Self.definitions(afterMaking: { try $0.execute(sql: sql) })
  }

  /// The definitions of every database that programs of a version made or migrated.
  ///
  /// - Parameter version: From the first version to the present one.
  /// - Returns: The definitions by name in lower case.
  /// - Throws: If SQLite has no room for them.
  static func definitions(ofVersion version: Int) throws -> [String: Definition] {
    if version == current.version { return try current.definitions() }
    return try definitions(afterMaking: { database in
      try database.execute(sql: String(decoding: PackageResources.schema_1_sql, as: UTF8.self))
      for start in 1..<max(version, 1) {
        for step in migrations where step.from == start { try database.execute(sql: step.sql) }
      }
    })
  }

  /// The definitions of a database in memory.
  private static func definitions(afterMaking make: (Database) throws -> Void) throws -> [String: Definition] {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    return try DatabaseQueue(configuration: configuration).inDatabase { database in
      try make(database)
      return try definitions(in: database)
    }
  }
}
