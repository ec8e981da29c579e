/// A JSON value whose parts know where they stand in their source.
public struct LocatedJSON: Sendable {
  /// One member of an object.
  public struct Member: Sendable {
    /// The decoded key.
    public var key: String
    /// Byte range of the key, quotation marks included.
    public var keyRange: Range<Int>
    /// The value.
    public var value: LocatedJSON

    /// Makes a member.
    ///
    /// - Parameters:
    ///   - key: The decoded key.
    ///   - keyRange: Byte range of the key, quotation marks included.
    ///   - value: The value.
    public init(key: String, keyRange: Range<Int>, value: LocatedJSON) {
      self.key = key
      self.keyRange = keyRange
      self.value = value
    }
  }

  /// What the value is.
  public enum Content: Sendable {
    /// Null, a boolean, a number or a string.
    case scalar(JSONValue)
    /// A list.
    case array([LocatedJSON])
    /// Members in document order; a key may occur more than once.
    case object([Member])
  }

  /// What the value is.
  public var content: Content
  /// Byte range in the source, from the first to the last byte of the value.
  public var range: Range<Int>

  /// Makes a value.
  ///
  /// - Parameters:
  ///   - content: What the value is.
  ///   - range: Byte range in the source.
  public init(content: Content, range: Range<Int>) {
    self.content = content
    self.range = range
  }

  /// Parses a text; members that occur twice are kept, so that the caller can report them.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - dialect: Whether comments and trailing commas are accepted.
  /// - Throws: `JSONError` with the place of the first mistake.
  public init(parsing source: SourceText, dialect: JSONDialect = .strict) throws(JSONError) {
    self = try JSONParser<LocatedJSONBuilder>.parse(source.bytes, dialect: dialect)
  }

  /// The value without places; of members that occur twice the first one counts.
  public var value: JSONValue {
    switch content {
    case .scalar(let value): return value
    case .array(let elements): return .array(elements.map(\.value))
    case .object(let members):
      var seen = Set<String>(minimumCapacity: members.count)
      return .object(members.compactMap { seen.insert($0.key).inserted ? ($0.key, $0.value.value) : nil })
    }
  }

  /// The members of an object in document order.
  public var members: [Member]? {
    if case .object(let members) = content { return members }
    return nil
  }

  /// The elements of an array.
  public var elements: [LocatedJSON]? {
    if case .array(let elements) = content { return elements }
    return nil
  }

  /// The content of a string.
  public var stringValue: String? {
    if case .scalar(.string(let text)) = content { return text }
    return nil
  }

  /// What the value is, as ``JSONValue/kindName``.
  public var kindName: String {
    switch content {
    case .scalar(let value): value.kindName
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The first member of an object with a key; `nil` if there is none or the value is not an object.
  ///
  /// - Parameter key: The member's name.
  public subscript(key: String) -> LocatedJSON? {
    members?.first { $0.key == key }?.value
  }
}
