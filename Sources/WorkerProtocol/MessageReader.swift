import JSON

/// Typed access to the members of one JSON object of a message; every failure names the path of the member.
struct MessageReader {
  private let value: JSONValue
  private let path: String

  init(_ value: JSONValue, path: String) throws(WorkerProtocolError) {
    guard value.objectValue != nil else {
      throw WorkerProtocolError(.invalidMember, "\(path) should be an object, not \(value.kindName)")
    }
    self.value = value
    self.path = path
  }

  func string(_ key: String) throws(WorkerProtocolError) -> String {
    try required(key, "a string") { $0.stringValue }
  }

  func optionalString(_ key: String) throws(WorkerProtocolError) -> String? {
    try optional(key, "a string") { $0.stringValue }
  }

  func integer(_ key: String) throws(WorkerProtocolError) -> Int {
    try required(key, "an integer") { $0.intValue }
  }

  func optionalInteger(_ key: String) throws(WorkerProtocolError) -> Int? {
    try optional(key, "an integer") { $0.intValue }
  }

  func optionalBool(_ key: String) throws(WorkerProtocolError) -> Bool? {
    try optional(key, "a boolean") { $0.boolValue }
  }

  func optionalReal(_ key: String) throws(WorkerProtocolError) -> Double? {
    try optional(key, "a number") { $0.realValue }
  }

  func real(_ key: String) throws(WorkerProtocolError) -> Double {
    try required(key, "a number, or one of the strings \"NaN\", \"Infinity\", \"-Infinity\"") { $0.realValue }
  }

  func member(_ key: String) -> JSONValue? { value[key] }

  /// Reads a list of objects; an absent member is an empty list.
  func objects<Element>(
    _ key: String, _ read: (MessageReader) throws(WorkerProtocolError) -> Element
  ) throws(WorkerProtocolError) -> [Element] {
    let elements = try optional(key, "an array") { $0.arrayValue } ?? []
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      result.append(try read(try MessageReader(element, path: "'\(key)[\(index)]' of \(path)")))
    }
    return result
  }

  func invalid(_ key: String, expected: String) -> WorkerProtocolError {
    let found = value[key].map { "found \($0.kindName)" } ?? "it is missing"
    return WorkerProtocolError(.invalidMember, "member '\(key)' of \(path) should be \(expected); \(found)")
  }

  private func required<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(WorkerProtocolError) -> Value {
    guard let found = value[key].flatMap(convert) else { throw invalid(key, expected: expected) }
    return found
  }

  private func optional<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(WorkerProtocolError) -> Value? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let found = convert(member) else { throw invalid(key, expected: expected) }
    return found
  }
}
