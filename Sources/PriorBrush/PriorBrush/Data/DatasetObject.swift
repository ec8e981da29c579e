import JSON

/// A JSON object in a data set's files, read member by member with errors that name the file, the place and the cure.
struct DatasetObject {
  private let value: JSONValue
  private let path: String
  private let line: Int?

  /// Reads a whole file.
  init(file path: String) throws(DatasetError) {
    try self.init(try DatasetFiles.read(path), path: path, line: nil)
  }

  /// Reads one line of a file of JSON lines.
  init(line: Int, bytes: some Sequence<UInt8>, path: String) throws(DatasetError) {
    try self.init(Array(bytes), path: path, line: line)
  }

  private init(_ bytes: [UInt8], path: String, line: Int?) throws(DatasetError) {
    self.path = path
    self.line = line
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw DatasetError(
        .malformedJSON, path: path, line: line ?? error.line,
        message: "\(path):\(line ?? error.line):\(error.column): this is not valid JSON: \(error.message)")
    }
    guard value.objectValue != nil else { throw mistake("this is \(value.kindName); write an object") }
  }

  func text(_ name: String) throws(DatasetError) -> String {
    try required(name, try optionalText(name))
  }

  func integer(_ name: String) throws(DatasetError) -> Int {
    try required(name, try member(name, "an integer", \.intValue))
  }

  func texts(_ name: String) throws(DatasetError) -> [String] {
    try required(name, try optionalTexts(name))
  }

  func optionalText(_ name: String) throws(DatasetError) -> String? {
    try member(name, "a text", \.stringValue)
  }

  func optionalBool(_ name: String) throws(DatasetError) -> Bool? {
    try member(name, "true or false", \.boolValue)
  }

  func optionalTexts(_ name: String) throws(DatasetError) -> [String]? {
    try member(name, "a list of texts") { list in
      let texts = list.arrayValue?.compactMap(\.stringValue)
      return texts?.count == list.arrayValue?.count ? texts : nil
    }
  }

  func textsByName(_ name: String) throws(DatasetError) -> [String: String] {
    let texts = try member(name, "an object of texts") { object -> [String: String]? in
      guard let members = object.objectValue else { return nil }
      let pairs = members.compactMap { member in member.value.stringValue.map { (member.key, $0) } }
      return pairs.count == members.count ? Dictionary(pairs, uniquingKeysWith: { first, _ in first }) : nil
    }
    return try required(name, texts)
  }

  private func required<Value>(_ name: String, _ value: Value?) throws(DatasetError) -> Value {
    guard let value else { throw mistake("the member '\(name)' is missing") }
    return value
  }

  private func member<Value>(
    _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(DatasetError) -> Value? {
    guard let member = value[name], !member.isNull else { return nil }
    guard let converted = convert(member) else {
      throw mistake("the member '\(name)' has the wrong type: it is \(member.kindName), not \(expected)")
    }
    return converted
  }

  private func mistake(_ reason: String) -> DatasetError {
    guard let line else {
      return DatasetError(.malformedJSON, path: path, message: "\(path): \(reason); correct or rebuild it")
    }
    return DatasetError(
      .malformedJSON, path: path, line: line,
      message: "\(path):\(line): \(reason); a line is an object like {\"file\": \"cat.png\", \"caption\": \"a cat\"}")
  }
}
