/// Takes an XML document apart, as much of it as a drawing needs.
///
/// Documents with entities of their own are refused: a few lines of them can stand for gigabytes.
struct XMLTokens {
  /// A piece of a document.
  enum Token {
    case open(name: String, attributes: [(name: String, value: String)], isEmpty: Bool)
    case close(name: String)
    case text(String)
  }

  /// What is not well-formed, and in which line.
  struct Fault: Error {
    var reason: String
  }

  private let bytes: [UInt8]
  private var place = 0

  /// Prepares a document in UTF-8.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  /// Returns the next piece, `nil` at the end; comments, instructions and the document type are passed over.
  mutating func next() throws(Fault) -> Token? {
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else { return .text(try text(upTo: end(of: "<") ?? bytes.count)) }
      if starts(with: "<!--") {
        try pass("-->")
      } else if starts(with: "<![CDATA[") {
        place += 9
        guard let end = end(of: "]]>") else { throw fault("a CDATA section has no end") }
        defer { place = end + 3 }
        return .text(String(decoding: bytes[place..<end], as: UTF8.self))
      } else if starts(with: "<?") {
        try pass("?>")
      } else if starts(with: "<!") {
        guard let end = end(of: ">") else { throw fault("a declaration has no end") }
        if bytes[place..<end].contains(UInt8(ascii: "[")) { throw fault("it declares entities of its own") }
        place = end + 1
      } else {
        return try tag()
      }
    }
    return nil
  }

  private mutating func tag() throws(Fault) -> Token {
    place += 1
    let isClosing = place < bytes.count && bytes[place] == UInt8(ascii: "/")
    if isClosing { place += 1 }
    let name = name()
    guard !name.isEmpty else { throw fault("a tag has no name") }
    var attributes: [(name: String, value: String)] = []
    while true {
      passSpace()
      guard place < bytes.count else { throw fault("the tag '\(name)' has no end") }
      if bytes[place] == UInt8(ascii: ">") {
        place += 1
        return isClosing ? .close(name: name) : .open(name: name, attributes: attributes, isEmpty: false)
      }
      if starts(with: "/>"), !isClosing {
        place += 2
        return .open(name: name, attributes: attributes, isEmpty: true)
      }
      let attribute = self.name()
      passSpace()
      guard !attribute.isEmpty, !isClosing, place < bytes.count, bytes[place] == UInt8(ascii: "=") else {
        throw fault("the tag '\(name)' is not well-formed")
      }
      place += 1
      passSpace()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
        throw fault("the value of '\(attribute)' has no quotes")
      }
      let quote = bytes[place]
      place += 1
      guard let end = bytes[place...].firstIndex(of: quote) else {
        throw fault("the value of '\(attribute)' has no end")
      }
      attributes.append((attribute, try text(upTo: end)))
      place = end + 1
    }
  }

  private mutating func name() -> String {
    let start = place
    while place < bytes.count, !" \t\r\n/>=\"'<".utf8.contains(bytes[place]) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// Decodes what stands up to a place.
  private mutating func text(upTo end: Int) throws(Fault) -> String {
    let part = bytes[place..<end]
    guard part.contains(UInt8(ascii: "&")) else {
      place = end
      return String(decoding: part, as: UTF8.self)
    }
    var result = ""
    var pieces = String(decoding: part, as: UTF8.self).split(separator: "&", omittingEmptySubsequences: false)[...]
    result += pieces.popFirst() ?? ""
    for piece in pieces {
      guard let semicolon = piece.firstIndex(of: ";"), let character = XMLTokens.character(piece[..<semicolon]) else {
        throw fault("'&\(piece.prefix(12))' stands for nothing")
      }
      result.unicodeScalars.append(character)
      result += piece[piece.index(after: semicolon)...]
    }
    place = end
    return result
  }

  private static func character(_ name: Substring) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
    default: nil
    }
  }

  private mutating func passSpace() {
    while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
  }

  private mutating func pass(_ mark: StaticString) throws(Fault) {
    guard let end = end(of: mark) else { throw fault("'\(mark)' is missing") }
    place = end + mark.utf8CodeUnitCount
  }

  private func starts(with mark: StaticString) -> Bool {
    mark.withUTF8Buffer { bytes[place...].starts(with: $0) }
  }

  /// Where a mark stands from here on.
  private func end(of mark: StaticString) -> Int? {
    mark.withUTF8Buffer { mark in
      var start = place
      while let found = bytes[start...].firstIndex(of: mark[0]) {
        if bytes[found...].starts(with: mark) { return found }
        start = found + 1
      }
      return nil
    }
  }

  private func fault(_ reason: String) -> Fault {
    let line = bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    return Fault(reason: "as an SVG file it is damaged: \(reason) (line \(line))")
  }
}
