/// A recursive descent parser of JSON (RFC 8259) over bytes.
///
/// Numbers without fraction and exponent must fit 64 bits; all others must be finite doubles, unless the dialect has words for the rest.
struct JSONParser<Builder: JSONNodeBuilder> {
  /// Nested arrays and objects beyond this are refused, so that recursion fits the small stacks of worker threads.
  static var depthLimit: Int { 256 }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let dialect: JSONDialect
  private var position = 0
  private var depth = 0

  /// Parses a whole text.
  static func parse(_ bytes: [UInt8], dialect: JSONDialect) throws(JSONError) -> Builder.Node {
    let result: Result<Builder.Node, JSONFault> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(bytes: buffer, dialect: dialect)
      do throws(JSONFault) {
        return .success(try parser.document())
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let node): return node
    case .failure(let fault):
      let place = SourceText(name: "", bytes: bytes).location(at: fault.range.lowerBound)
      throw JSONError(
        code: fault.code, message: fault.message, range: fault.range, line: place.line, column: place.column)
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, dialect: JSONDialect) {
    self.bytes = bytes
    self.dialect = dialect
  }

  private mutating func document() throws(JSONFault) -> Builder.Node {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    try skipSpace()
    let node = try value()
    try skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the text") }
    return node
  }

  private mutating func value() throws(JSONFault) -> Builder.Node {
    let start = position
    switch peek() ?? 0 {
    case UInt8(ascii: "{"): return try nested(isObject: true)
    case UInt8(ascii: "["): return try nested(isObject: false)
    case UInt8(ascii: "\""):
      let text = try string()
      return Builder.scalar(.string(text), range: start..<position)
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "N") where dialect == .measured: return try literal("NaN", .number(.nan))
    case UInt8(ascii: "I") where dialect == .measured: return try literal("Infinity", .number(.infinity))
    case UInt8(ascii: "-") where dialect == .measured && isInfinity(at: position + 1):
      return try literal("-Infinity", .number(-.infinity))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = try number()
      return Builder.scalar(number, range: start..<position)
    default: throw unexpected("a value")
    }
  }

  private mutating func nested(isObject: Bool) throws(JSONFault) -> Builder.Node {
    guard depth < Self.depthLimit else {
      throw JSONFault(
        code: .tooDeep, message: "more than \(Self.depthLimit) nested arrays and objects",
        range: position..<position + 1)
    }
    depth += 1
    defer { depth -= 1 }
    return isObject ? try object() : try array()
  }

  private mutating func object() throws(JSONFault) -> Builder.Node {
    let start = position
    position += 1
    var members: [Builder.Member] = []
    var seen: Set<String> = []
    try skipSpace()
    while peek() != UInt8(ascii: "}") {
      guard peek() == UInt8(ascii: "\"") else {
        throw unexpected(members.isEmpty ? "a key or '}'" : "a key")
      }
      let keyStart = position
      let key = try string()
      let keyRange = keyStart..<position
      if !Builder.allowsDuplicateMembers {
        let isDuplicate: Bool
        if members.count < 12 {
          isDuplicate = members.contains { Builder.key(of: $0) == key }
        } else {
          if seen.isEmpty { seen = Set(members.map(Builder.key)) }
          isDuplicate = !seen.insert(key).inserted
        }
        if isDuplicate {
          throw JSONFault(
            code: .duplicateMember, message: "the member '\(key.prefix(100))' occurs twice in one object",
            range: keyRange)
        }
      }
      try skipSpace()
      guard peek() == UInt8(ascii: ":") else { throw unexpected("':' after the key '\(key.prefix(100))'") }
      position += 1
      try skipSpace()
      members.append(Builder.member(key: key, keyRange: keyRange, value: try value()))
      guard try separator(closing: UInt8(ascii: "}")) else { break }
    }
    position += 1
    return Builder.object(members, range: start..<position)
  }

  private mutating func array() throws(JSONFault) -> Builder.Node {
    let start = position
    position += 1
    var elements: [Builder.Node] = []
    try skipSpace()
    while peek() != UInt8(ascii: "]") {
      elements.append(try value())
      guard try separator(closing: UInt8(ascii: "]")) else { break }
    }
    position += 1
    return Builder.array(elements, range: start..<position)
  }

  /// Steps over a comma; stands on the closing bracket afterwards if it returns false.
  private mutating func separator(closing: UInt8) throws(JSONFault) -> Bool {
    try skipSpace()
    if peek() == closing { return false }
    guard peek() == UInt8(ascii: ",") else { throw unexpected("',' or '\(Character(Unicode.Scalar(closing)))'") }
    let comma = position
    position += 1
    try skipSpace()
    if peek() == closing, dialect != .relaxed {
      throw JSONFault(code: .syntax, message: "a comma before the closing bracket", range: comma..<comma + 1)
    }
    return true
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> Builder.Node {
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count, (position..<end).allSatisfy({ bytes[$0] == text.utf8Start[$0 - position] }) else {
      throw unexpected("a value")
    }
    defer { position = end }
    return Builder.scalar(value, range: position..<end)
  }

  private func isInfinity(at start: Int) -> Bool { start < bytes.count && bytes[start] == UInt8(ascii: "I") }

  private mutating func number() throws(JSONFault) -> JSONValue {
    let scanned = try JSONNumberScanner.scan(bytes, at: position)
    position = scanned.end
    return scanned.value
  }

  private mutating func string() throws(JSONFault) -> String {
    let scanned = try JSONStringScanner.scan(bytes, at: position)
    position = scanned.end
    return scanned.text
  }

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpace() throws(JSONFault) {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
      case UInt8(ascii: "/"):
        guard try skipComment() else { return }
      default: return
      }
    }
  }

  private mutating func skipComment() throws(JSONFault) -> Bool {
    let start = position
    let next = position + 1 < bytes.count ? bytes[position + 1] : 0
    guard next == UInt8(ascii: "/") || next == UInt8(ascii: "*") else { return false }
    guard dialect == .relaxed else {
      throw JSONFault(code: .syntax, message: "comments are not allowed here", range: start..<start + 2)
    }
    position += 2
    if next == UInt8(ascii: "/") {
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      return true
    }
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
        position += 2
        return true
      }
      position += 1
    }
    throw JSONFault(code: .syntax, message: "a comment without its end '*/'", range: start..<start + 2)
  }

  private func unexpected(_ expectation: String) -> JSONFault {
    guard position < bytes.count else {
      return JSONFault(
        code: .syntax, message: "the text ends where \(expectation) was expected", range: position..<position)
    }
    // A word is reported as a whole; anything else as one character.
    var end = position
    while end < bytes.count, end - position < 40, isWordByte(bytes[end]) { end += 1 }
    if end == position {
      end += 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    }
    let found = String(decoding: bytes[position..<end], as: UTF8.self)
    return JSONFault(
      code: .syntax, message: "found '\(found)' where \(expectation) was expected", range: position..<end)
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

/// A mistake whose line is not known yet.
struct JSONFault: Error {
  var code: JSONError.Code
  var message: String
  var range: Range<Int>
}
