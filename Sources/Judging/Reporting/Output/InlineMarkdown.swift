/// The inline Markdown that reports and their authors use, taken apart for other formats.
///
/// Strong (`**`), emphasis (`*`), code (`` ` ``), links, and backslash escapes. What is not closed is text.
package indirect enum InlineMarkdown: Equatable {
  case text(String)
  case strong([InlineMarkdown])
  case emphasis([InlineMarkdown])
  case code(String)
  case link([InlineMarkdown], target: String)

  /// Returns the pieces of a text.
  ///
  /// - Complexity: O(n²) at worst: each mark looks for its end once.
  static func parse(_ text: String) -> [InlineMarkdown] {
    // All marks are ASCII, so bytes are enough.
    var parser = Parser(bytes: Array(text.utf8)[...])
    return parser.pieces()
  }

  /// Returns a text without any marks.
  package static func plain(_ text: String) -> String {
    func joined(_ pieces: [InlineMarkdown]) -> String {
      pieces.map { piece in
        switch piece {
        case .text(let text), .code(let text): text
        case .strong(let inner), .emphasis(let inner), .link(let inner, _): joined(inner)
        }
      }.joined()
    }
    return joined(parse(text))
  }

  private struct Parser {
    /// What is left to be read.
    var bytes: ArraySlice<UInt8>

    private static let star = UInt8(ascii: "*")
    private static let tick = UInt8(ascii: "`")
    private static let backslash = UInt8(ascii: "\\")

    mutating func pieces() -> [InlineMarkdown] {
      var pieces: [InlineMarkdown] = []
      var text: [UInt8] = []
      func flushed() -> [InlineMarkdown] { text.isEmpty ? pieces : pieces + [.text(Parser.string(text[...]))] }
      while let byte = bytes.first {
        if byte == Parser.backslash, let next = bytes.dropFirst().first, Parser.isEscapable(next) {
          text.append(next)
          bytes = bytes.dropFirst(2)
        } else if let piece = piece() {
          pieces = flushed() + [piece]
          text = []
        } else {
          // Half of an unclosed double star must not be taken for a single one.
          let width = isDouble(bytes) ? 2 : 1
          text += bytes.prefix(width)
          bytes = bytes.dropFirst(width)
        }
      }
      return flushed()
    }

    /// Reads a marked piece; without its closing mark nothing is read.
    private mutating func piece() -> InlineMarkdown? {
      let start = bytes.startIndex
      switch bytes.first {
      case Parser.tick:
        guard let end = bytes.dropFirst().firstIndex(of: Parser.tick) else { return nil }
        defer { bytes = bytes[(end + 1)...] }
        return .code(Parser.string(bytes[(start + 1)..<end]))
      case Parser.star:
        let isStrong = isDouble(bytes)
        let width = isStrong ? 2 : 1
        // A mark before a space is not one: "2 * 3".
        guard let next = bytes.dropFirst(width).first, next > 0x20,
          let end = end(of: isStrong ? .double : .star, after: start + width),
          end > start + width
        else { return nil }
        var inner = Parser(bytes: bytes[(start + width)..<end])
        bytes = bytes[(end + width)...]
        return isStrong ? .strong(inner.pieces()) : .emphasis(inner.pieces())
      case UInt8(ascii: "["):
        guard let end = end(of: .bracket, after: start + 1),
          bytes[(end + 1)...].first == UInt8(ascii: "("),
          let close = bytes[(end + 1)...].firstIndex(of: UInt8(ascii: ")"))
        else { return nil }
        var inner = Parser(bytes: bytes[(start + 1)..<end])
        let target = Parser.string(bytes[(end + 2)..<close])
        bytes = bytes[(close + 1)...]
        return .link(inner.pieces(), target: target)
      default: return nil
      }
    }

    private enum Closing { case double, star, bracket }

    /// Finds a closing mark, past escapes, code and other double stars.
    private func end(of mark: Closing, after start: Int) -> Int? {
      var position = start
      while position < bytes.endIndex {
        let rest = bytes[position...]
        if rest.first == Parser.backslash {
          position += 2
        } else if rest.first == Parser.tick, let close = rest.dropFirst().firstIndex(of: Parser.tick) {
          position = close + 1
        } else if isDouble(rest) {
          if mark == .double { return position }
          position += 2
        } else if mark == .star && rest.first == Parser.star || mark == .bracket && rest.first == UInt8(ascii: "]") {
          return position
        } else {
          position += 1
        }
      }
      return nil
    }

    private func isDouble(_ bytes: ArraySlice<UInt8>) -> Bool {
      bytes.count > 1 && bytes[bytes.startIndex] == Parser.star && bytes[bytes.startIndex + 1] == Parser.star
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
      default: false
      }
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
  }
}
