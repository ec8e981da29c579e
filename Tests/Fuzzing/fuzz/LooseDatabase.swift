import GRDB

/// Changes a database as if its tables took anything.
enum LooseDatabase {
  static func run(_ statements: [String], on path: String) throws {
    var definitions: [(name: String, sql: String)] = []
    try open(path) { database in
      for row in try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'")
      {
        let (name, text): (String, String) = (row[0], row[1])
        definitions.append((name, text))
        let loose = text.replacing(") STRICT, WITHOUT ROWID", with: ") WITHOUT ROWID").replacing(") STRICT", with: ")")
          .replacing("IS NOT NULL", with: "NOTNULL").replacing("NOT NULL", with: "")
        try database.execute(sql: "UPDATE sqlite_schema SET sql = ? WHERE name = ?", arguments: [loose, name])
      }
    }
    // Statements that even so are refused, such as a doubled key, change nothing.
    for statement in statements { try? open(path) { try $0.execute(sql: statement) } }
    try open(path) { database in
      for definition in definitions {
        try database.execute(
          sql: "UPDATE sqlite_schema SET sql = ? WHERE name = ?", arguments: [definition.sql, definition.name])
      }
    }
  }

  /// A connection of its own, so that definitions are read anew.
  private static func open(_ path: String, _ body: (Database) throws -> Void) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase { database in
      try database.execute(sql: "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON")
      try body(database)
    }
    try queue.close()
  }
}
