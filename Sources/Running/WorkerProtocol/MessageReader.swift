import AttemptModel
import Files
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

  /// Reads a name, see `FreeName`.
  func name(_ key: String) throws(WorkerProtocolError) -> String { try checked(key, try string(key)) }

  /// Reads a name that may be left out or empty.
  func optionalName(_ key: String) throws(WorkerProtocolError) -> String? {
    guard let text = try optionalString(key), !text.isEmpty else { return nil }
    return try checked(key, text)
  }

  /// Reads a name that may be empty but must be there.
  func label(_ key: String) throws(WorkerProtocolError) -> String {
    let text = try string(key)
    return text.isEmpty ? text : try checked(key, text)
  }

  /// Reads words for people; what is longer than anybody reads is cut.
  func words(_ key: String) throws(WorkerProtocolError) -> String? {
    try optionalString(key).map {
      $0.utf8.count > Self.longestWords ? String($0.unicodeScalars.prefix(Self.longestWords)) + "…" : $0
    }
  }

  private static let longestWords = 10_000
  /// More than any system takes.
  private static let longestPath = 4096

  /// Reads a path.
  func path(_ key: String) throws(WorkerProtocolError) -> String {
    let path = try string(key)
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.count <= Self.longestPath else {
      throw WorkerProtocolError(
        .invalidMember,
        "member '\(key)' of \(self.path) should be a path of at most \(Self.longestPath) bytes, not an empty text or one "
          + "with a zero byte")
    }
    return path
  }

  /// Reads a number that counts from 0, see `Ordinal`.
  func ordinal(_ key: String) throws(WorkerProtocolError) -> Int { try checked(key, try integer(key)) }

  /// Reads a number that counts from 0, or may be left out.
  func optionalOrdinal(_ key: String) throws(WorkerProtocolError) -> Int? {
    guard let number = try optionalInteger(key) else { return nil }
    return try checked(key, number)
  }

  /// Reads an amount, whatever number it is: what is out of bounds becomes the nearest bound.
  func amount(_ key: String) throws(WorkerProtocolError) -> Int? {
    guard let number = try optional(key, "an integer", { $0.doubleValue }) else { return nil }
    // The order matters: a number that is not one becomes 0.
    return Int(min(TaskProgress.bound, max(0, number)))
  }

  /// Refuses members that nobody would read, so that a misspelt one is not lost in silence.
  func requireMembers(_ known: [String], form: @autoclosure () -> String) throws(WorkerProtocolError) {
    for (key, _) in value.objectValue ?? [] where !known.contains(key) {
      let isShort = key.utf8.count <= 100
      let cure =
        (isShort ? SpellingSuggestion.nearest(to: key, in: known) : nil).map { "did you mean '\($0)'?" } ?? form()
      throw WorkerProtocolError(.invalidMember, "\(path) has the unknown member '\(key.prefix(100))'; \(cure)")
    }
  }

  private func checked(_ key: String, _ name: String) throws(WorkerProtocolError) -> String {
    guard let expected = FreeName.expectation(for: name) else { return name }
    throw WorkerProtocolError(.invalidMember, "member '\(key)' of \(path) should be \(expected)")
  }

  private func checked(_ key: String, _ number: Int) throws(WorkerProtocolError) -> Int {
    guard let expected = Ordinal.expectation(for: number) else { return number }
    throw WorkerProtocolError(.invalidMember, "member '\(key)' of \(path) should be \(expected)")
  }

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
