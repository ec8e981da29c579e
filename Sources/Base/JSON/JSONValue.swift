/// A JSON value that keeps the order of object members and the difference between integers and other numbers.
///
/// Two values are equal if they have the same case and content; the order of an object's members does not count.
/// `integer(1)` and `number(1.0)` are different values: they are written differently and hash differently.
public enum JSONValue: Sendable {
  /// The literal `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent.
  case integer(Int64)
  /// Any other number. Not finite values are written as strings, see ``real(_:)``.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in document order, each key once.
  case object([(key: String, value: JSONValue)])
}

extension JSONValue {
  /// Returns a number, or for values that JSON cannot express one of the strings "NaN", "Infinity" and "-Infinity".
  ///
  /// - Parameter value: Any double.
  /// - Returns: `.number(value)` if `value` is finite; ``realValue`` of the result is `value` in every case.
  public static func real(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .string(nonFiniteName(of: value))
  }

  static func nonFiniteName(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value < 0 ? "-Infinity" : "Infinity"
  }

  /// Whether the value is `null`.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The content of a boolean.
  public var boolValue: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The content of an integer; `nil` for `1.0`.
  public var integerValue: Int64? {
    if case .integer(let value) = self { return value }
    return nil
  }

  /// The content of an integer that fits the machine's word; `nil` for `1.0`.
  public var intValue: Int? {
    integerValue.flatMap { Int(exactly: $0) }
  }

  /// The content of an integer or another number.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The content of a number or of one of the strings "NaN", "Infinity" and "-Infinity".
  public var realValue: Double? {
    switch self {
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: doubleValue
    }
  }

  /// The content of a string.
  public var stringValue: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The elements of an array.
  public var arrayValue: [JSONValue]? {
    if case .array(let value) = self { return value }
    return nil
  }

  /// The members of an object in document order.
  public var objectValue: [(key: String, value: JSONValue)]? {
    if case .object(let value) = self { return value }
    return nil
  }

  /// Whether the value is neither an array nor an object.
  public var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// What the value is, for messages: "null", "a boolean", "an integer", "a number", "a string", "an array" or "an object".
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The member of an object; `nil` if there is none or the value is not an object.
  ///
  /// Setting `nil` removes the member. A new member is added last. Setting a member of anything but an object turns it into an object.
  ///
  /// - Parameter key: The member's name.
  /// - Complexity: O(number of members).
  public subscript(key: String) -> JSONValue? {
    get { objectValue?.first { $0.key == key }?.value }
    set {
      var members = objectValue ?? []
      let position = members.firstIndex { $0.key == key }
      switch (position, newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil): members.remove(at: position)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
      self = .object(members)
    }
  }

  /// The element of an array; `nil` if the index is out of range or the value is not an array.
  ///
  /// - Parameter index: 0-based position.
  public subscript(index: Int) -> JSONValue? {
    guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

extension JSONValue: Hashable {
  /// Compares two values; the order of members does not count.
  ///
  /// - Parameters:
  ///   - left: A value.
  ///   - right: Another value.
  /// - Returns: Whether both have the same case and content.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.integer(let a), .integer(let b)): return a == b
    case (.number(let a), .number(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.array(let a), .array(let b)): return a == b
    case (.object(let a), .object(let b)):
      guard a.count == b.count else { return false }
      if zip(a, b).allSatisfy({ $0.key == $1.key }) { return zip(a, b).allSatisfy { $0.value == $1.value } }
      let others = Dictionary(b.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      return a.allSatisfy { others[$0.key] == $0.value }
    default: return false
    }
  }

  /// Feeds the content to a hasher.
  ///
  /// - Parameter hasher: The hasher.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .object(let members):
      var combined = 0
      for member in members {
        var inner = Hasher()
        inner.combine(member.key)
        inner.combine(member.value)
        combined ^= inner.finalize()
      }
      hasher.combine(members.count)
      hasher.combine(combined)
    }
  }
}
