/// Turns values into text.
struct JSONWriter {
  var sortsKeys: Bool
  /// Spaces for each level, or `nil` for one line without spaces.
  var indentation: Int?
  var bytes: [UInt8] = []

  init(sortsKeys: Bool, indentation: Int?) {
    self.sortsKeys = sortsKeys
    self.indentation = indentation
  }

  mutating func write(_ value: JSONValue, level: Int = 0) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .number(let value):
      if value.isFinite { append(value.description) } else { write(string: JSONValue.nonFiniteName(of: value)) }
    case .string(let text): write(string: text)
    case .array(let elements):
      sequence("[", "]", count: elements.count, level: level) { writer, index in
        writer.write(elements[index], level: level + 1)
      }
    case .object(let members):
      let isOrdered =
        !sortsKeys
        || zip(members, members.dropFirst()).allSatisfy { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let ordered = isOrdered ? members : members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      sequence("{", "}", count: ordered.count, level: level) { writer, index in
        writer.write(string: ordered[index].key)
        writer.append(writer.indentation == nil ? ":" : ": ")
        writer.write(ordered[index].value, level: level + 1)
      }
    }
  }

  private mutating func sequence(
    _ open: StaticString, _ close: StaticString, count: Int, level: Int, element: (inout JSONWriter, Int) -> Void
  ) {
    append(open)
    for index in 0..<count {
      if index > 0 { append(",") }
      breakLine(level: level + 1)
      element(&self, index)
    }
    if count > 0 { breakLine(level: level) }
    append(close)
  }

  private mutating func breakLine(level: Int) {
    guard let indentation else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: indentation * level))
  }

  private mutating func write(string text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0..<0x20:
        append("\\u00")
        bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        append(String(byte & 0xF, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }
}
