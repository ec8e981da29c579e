/// The header of a safetensors file: parsed strictly, then checked against the size of the file.
struct SafeTensorsHeader {
  private(set) var entries: [String: SafeTensors.Entry] = [:]
  private(set) var metadata: [String: String] = [:]
  let dataStart: Int

  private static let elementSizes = [
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
    "U8": 1, "BOOL": 1,
  ]

  init(path: String, file: [UInt8]) throws(NeuralNetworkError) {
    do throws(HeaderFault) {
      guard file.count >= 8 else { throw HeaderFault("has only \(file.count) bytes, too few for a header") }
      let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length <= UInt64(file.count - 8) else {
        throw HeaderFault("announces a header of \(length) bytes but has only \(file.count - 8) bytes left")
      }
      dataStart = 8 + Int(length)
      var parser = HeaderParser(bytes: file[8..<dataStart])
      (entries, metadata) = try parser.parseHeader()
      try check(dataCount: file.count - dataStart)
    } catch {
      throw NeuralNetworkError(
        .malformed, path: path,
        "\(error.message); the file is damaged or not in the safetensors format, so download or write it again")
    }
  }

  private func check(dataCount: Int) throws(HeaderFault) {
    var end = 0
    let ordered = entries.sorted {
      ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
        < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
    }
    for (name, entry) in ordered {
      guard let size = SafeTensorsHeader.elementSizes[entry.type] else {
        throw HeaderFault("gives tensor '\(name)' the unknown type '\(entry.type)'")
      }
      var count = size
      for extent in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        if overflow { throw HeaderFault("gives tensor '\(name)' the impossible shape \(entry.shape)") }
        count = product
      }
      guard entry.bytes.upperBound <= dataCount else {
        throw HeaderFault("ends before tensor '\(name)' (bytes \(entry.bytes) of \(dataCount))")
      }
      guard entry.bytes.count == count else {
        throw HeaderFault(
          "has \(entry.bytes.count) bytes for tensor '\(name)' of shape \(entry.shape) and type \(entry.type), "
            + "which needs \(count)")
      }
      guard entry.bytes.lowerBound == end else {
        throw HeaderFault(
          "has an overlap or a gap before tensor '\(name)' (byte \(entry.bytes.lowerBound), not \(end))")
      }
      end = entry.bytes.upperBound
    }
    guard end == dataCount else { throw HeaderFault("has \(dataCount - end) bytes that belong to no tensor") }
  }
}

/// What is wrong with a header.
struct HeaderFault: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A parser for exactly the JSON that a header may contain; it never recurses.
private struct HeaderParser {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  mutating func parseHeader() throws(HeaderFault) -> ([String: SafeTensors.Entry], [String: String]) {
    var entries: [String: SafeTensors.Entry] = [:]
    var metadata: [String: String]?
    try members { parser, name throws(HeaderFault) in
      if name == "__metadata__" {
        if metadata != nil { throw HeaderFault("repeats '__metadata__' in its header") }
        metadata = try parser.parseMetadata()
      } else {
        if entries[name] != nil { throw HeaderFault("repeats tensor '\(name)' in its header") }
        entries[name] = try parser.parseEntry(name)
      }
    }
    skipSpace()
    guard position == bytes.endIndex else { throw fault("the end of the header") }
    return (entries, metadata ?? [:])
  }

  private mutating func parseMetadata() throws(HeaderFault) -> [String: String] {
    var result: [String: String] = [:]
    try members { parser, name throws(HeaderFault) in
      if result[name] != nil { throw HeaderFault("repeats '\(name)' in its metadata") }
      result[name] = try parser.parseString()
    }
    return result
  }

  private mutating func parseEntry(_ name: String) throws(HeaderFault) -> SafeTensors.Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { parser, member throws(HeaderFault) in
      switch member {
      case "dtype" where type == nil: type = try parser.parseString()
      case "shape" where shape == nil: shape = try parser.parseNumbers()
      case "data_offsets" where offsets == nil: offsets = try parser.parseNumbers()
      default: throw HeaderFault("has an unknown or repeated member '\(member)' in tensor '\(name)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw HeaderFault("lacks dtype, shape or two ordered data_offsets for tensor '\(name)'")
    }
    return SafeTensors.Entry(type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  private mutating func members(
    _ body: (inout HeaderParser, String) throws(HeaderFault) -> Void
  ) throws(HeaderFault) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let name = try parseString()
      try expect(":")
      try body(&self, name)
    } while accept(",")
    try expect("}")
  }

  private mutating func parseNumbers() throws(HeaderFault) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if accept("]") { return result }
    repeat {
      skipSpace()
      let start = position
      var value = 0
      while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowAgain) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
        if overflow || overflowAgain { throw HeaderFault("has a number that is too large in its header") }
        value = sum
        position += 1
      }
      if position == start { throw fault("a whole number") }
      result.append(value)
    } while accept(",")
    try expect("]")
    return result
  }

  private mutating func parseString() throws(HeaderFault) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else { throw fault("valid UTF-8") }
        return result
      case UInt8(ascii: "\\"): try parseEscape(&text)
      case 0..<0x20: throw fault("no control character in a string")
      default: text.append(byte)
      }
    }
    throw fault("the end of a string")
  }

  private mutating func parseEscape(_ text: inout [UInt8]) throws(HeaderFault) {
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f, UInt8(ascii: "b"): 0x08,
      UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
    ]
    guard let kind = peek else { throw fault("an escape") }
    position += 1
    if let byte = plain[kind] {
      text.append(byte)
      return
    }
    guard kind == UInt8(ascii: "u") else { throw fault("a known escape") }
    var code = try parseHexadecimal()
    if code >= 0xd800, code < 0xdc00 {
      guard accept("\\", skippingSpace: false), accept("u", skippingSpace: false) else { throw fault("a surrogate") }
      let low = try parseHexadecimal()
      guard low >= 0xdc00, low < 0xe000 else { throw fault("a low surrogate") }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault("a character") }
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func parseHexadecimal() throws(HeaderFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar, skippingSpace: Bool = true) -> Bool {
    if skippingSpace { skipSpace() }
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(HeaderFault) {
    if !accept(character) { throw fault("'\(character)'") }
  }

  private func fault(_ expected: String) -> HeaderFault {
    HeaderFault("needs \(expected) at byte \(position) of its header")
  }
}
