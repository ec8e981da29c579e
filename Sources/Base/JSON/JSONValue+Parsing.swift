extension JSONValue {
  /// Parses a text.
  ///
  /// - Parameters:
  ///   - text: A whole JSON text.
  ///   - dialect: Whether comments and trailing commas are accepted.
  /// - Throws: `JSONError` with the place of the first mistake; a member that occurs twice is one.
  public init(parsing text: String, dialect: JSONDialect = .strict) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), dialect: dialect)
  }

  /// Parses UTF-8 bytes.
  ///
  /// - Parameters:
  ///   - bytes: A whole JSON text.
  ///   - dialect: Whether comments and trailing commas are accepted.
  /// - Throws: `JSONError` with the place of the first mistake; a member that occurs twice is one.
  public init(parsing bytes: [UInt8], dialect: JSONDialect = .strict) throws(JSONError) {
    self = try JSONParser<PlainJSONBuilder>.parse(bytes, dialect: dialect)
  }
}
