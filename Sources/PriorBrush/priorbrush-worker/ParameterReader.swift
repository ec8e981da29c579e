import JSON

/// A parameter or input that a task cannot work with.
struct ParameterError: Error, CustomStringConvertible {
  let message: String
  init(_ message: String) { self.message = message }
  var description: String { message }
}

/// Reads the parameters of a task and notices the ones nobody asked for.
struct ParameterReader {
  private let object: JSONValue
  private var known: Set<String> = []

  init(_ object: JSONValue) { self.object = object }

  mutating func string(_ name: String, default fallback: String? = nil) throws -> String {
    try value(name, fallback, "a text") { $0.stringValue }
  }

  mutating func integer(_ name: String, default fallback: Int? = nil, in range: ClosedRange<Int>) throws -> Int {
    let value = try value(name, fallback, "an integer") { $0.intValue }
    guard range.contains(value) else {
      throw ParameterError("parameter '\(name)' is \(value); it must be in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  mutating func number(_ name: String, default fallback: Double? = nil, in range: ClosedRange<Double>) throws -> Float {
    let value = try value(name, fallback, "a number") { $0.doubleValue }
    guard range.contains(value) else {
      throw ParameterError("parameter '\(name)' is \(value); it must be in \(range.lowerBound)...\(range.upperBound)")
    }
    return Float(value)
  }

  mutating func bool(_ name: String, default fallback: Bool? = nil) throws -> Bool {
    try value(name, fallback, "true or false") { $0.boolValue }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Choice? = nil
  ) throws -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try value(name, fallback, "one of \(names)") { $0.stringValue.flatMap(Choice.init(rawValue:)) }
  }

  mutating func integers(_ name: String, default fallback: [Int]? = nil) throws -> [Int] {
    try value(name, fallback, "a list of integers") { list in
      let integers = list.arrayValue?.compactMap(\.intValue)
      return integers?.count == list.arrayValue?.count ? integers : nil
    }
  }

  mutating func strings(_ name: String, default fallback: [String]? = nil) throws -> [String] {
    try value(name, fallback, "a list of texts") { list in
      let strings = list.arrayValue?.compactMap(\.stringValue)
      return strings?.count == list.arrayValue?.count ? strings : nil
    }
  }

  /// Rejects parameters that no call asked for.
  func finish() throws {
    let unknown = (object.objectValue ?? []).map(\.key).filter { !known.contains($0) }
    guard let first = unknown.first else { return }
    throw ParameterError(
      "unknown parameter '\(first)'; "
        + (known.isEmpty ? "the task takes none" : "known are \(known.sorted().joined(separator: ", "))"))
  }

  private mutating func value<Value>(
    _ name: String, _ fallback: Value?, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws -> Value {
    known.insert(name)
    guard let json = object[name] else {
      if let fallback { return fallback }
      throw ParameterError("parameter '\(name)' is missing; give \(expected)")
    }
    guard let value = convert(json) else {
      throw ParameterError("parameter '\(name)' is \(json.kindName) that does not fit; give \(expected)")
    }
    return value
  }
}
