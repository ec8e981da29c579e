/// Reads one number.
enum JSONNumberScanner {
  static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) throws(JSONFault) -> (value: JSONValue, end: Int) {
    var position = start
    func digits(_ position: inout Int) -> Int {
      let first = position
      while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
      return position - first
    }
    func fault(_ message: String, _ code: JSONError.Code = .syntax) -> JSONFault {
      JSONFault(code: code, message: message, range: start..<max(position, start + 1))
    }
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let firstDigit = position
    let count = digits(&position)
    guard count > 0 else { throw fault("a minus sign without a number") }
    if count > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw fault("a number must not begin with a zero") }
    var isInteger = true
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard digits(&position) > 0 else { throw fault("a decimal point needs a digit behind it") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      guard digits(&position) > 0 else { throw fault("an exponent needs a digit") }
    }
    if isInteger {
      if let value = integer(bytes[firstDigit..<position], isNegative: isNegative) {
        return (.integer(value), position)
      }
      throw fault("the integer does not fit 64 bits; write it as a string", .numberOutOfRange)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw fault("the number is beyond the range of a double", .numberOutOfRange)
    }
    return (.number(value), position)
  }

  private static func integer(_ digits: Slice<UnsafeBufferPointer<UInt8>>, isNegative: Bool) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      let product = value.multipliedReportingOverflow(by: 10)
      let amount = Int64(digit &- UInt8(ascii: "0"))
      let sum =
        isNegative
        ? product.partialValue.subtractingReportingOverflow(amount)
        : product.partialValue.addingReportingOverflow(amount)
      if product.overflow || sum.overflow { return nil }
      value = sum.partialValue
    }
    return value
  }
}

/// Reads one string.
enum JSONStringScanner {
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONFault) -> (text: String, end: Int) {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
      bytes[position] >= 0x20
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      return (try text(UnsafeBufferPointer(rebasing: bytes[start + 1..<position]), start), position + 1)
    }
    var content = Array(bytes[start + 1..<position])
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let decoded = content
        let result = decoded.withUnsafeBufferPointer { buffer in
          Result { () throws(JSONFault) in try text(buffer, start) }
        }
        return (try result.get(), position + 1)
      case UInt8(ascii: "\\"): try escape(bytes, &position, into: &content)
      case 0..<0x20:
        let isLineEnd = bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "\r")
        if isLineEnd {
          throw JSONFault(code: .syntax, message: "a string without its end '\"'", range: start..<position)
        }
        throw JSONFault(
          code: .syntax, message: "a control character in a string must be written as \\u00XX",
          range: position..<position + 1)
      default:
        content.append(bytes[position])
        position += 1
      }
    }
    throw JSONFault(code: .syntax, message: "a string without its end '\"'", range: start..<position)
  }

  private static func text(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> String {
    guard let text = String(validating: buffer, as: UTF8.self) else {
      throw JSONFault(
        code: .encoding, message: "the string is not valid UTF-8", range: start..<start + 1)
    }
    return text
  }

  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, into content: inout [UInt8]
  ) throws(JSONFault) {
    let start = position
    position += 2
    switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
    case UInt8(ascii: "\""): content.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): content.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): content.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal(bytes, &position, start)
      if code & 0xFC00 == 0xD800, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal(bytes, &position, start)
        if low & 0xFC00 == 0xDC00 { code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF }
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw JSONFault(code: .encoding, message: "half of a surrogate pair", range: start..<position)
      }
      content.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    default:
      let end = min(start + 2, bytes.count)
      throw JSONFault(code: .syntax, message: "an unknown escape; write '\\\\' for a backslash", range: start..<end)
    }
  }

  private static func hexadecimal(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ start: Int
  ) throws(JSONFault) -> UInt32 {
    let end = position + 4
    guard end <= bytes.count, let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
    else {
      throw JSONFault(code: .syntax, message: "'\\u' needs four hexadecimal digits", range: start..<start + 2)
    }
    position = end
    return code
  }
}
