import GRDB

extension Schema {
  /// Something in a database that has a name of this schema and is something else, as a clause; nil if there is none.
  ///
  /// A view that was put in the place of another could go on for ever; one in the place of a table would answer for it.
  func stranger(in database: Database) throws -> String? {
    let text = Self.condensed(sql)
    return try database.rows(sql: "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name") { row in
      let (type, name, definition): (String, String, String) = (try row[0], try row[1], try row[2])
      let found = Self.condensed(definition)
      func declares(_ kind: String) -> Bool { text.contains("CREATE \(kind) \(name) ") }
      let isOther =
        switch type {
        case "table": declares("TABLE") && found.hasPrefix("CREATE VIRTUAL")
        case "view": declares("TABLE") || (declares("VIEW") && !text.contains(found + ";"))
        case "trigger": declares("TRIGGER") && !text.contains(found + ";")
        default: false
        }
      return isOther ? "the \(type) '\(name)' is not the one of schema \(version)" : nil
    }.compactMap(\.self).first
  }

  /// The words of a definition, however they are quoted and spaced.
  private static func condensed(_ sql: String) -> String {
    String(decoding: sql.utf8.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
