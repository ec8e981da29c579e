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
    var parser = Parser(characters: Array(text)[...])
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
    var characters: ArraySlice<Character>

    mutating func pieces() -> [InlineMarkdown] {
      var pieces: [InlineMarkdown] = []
      var text = ""
      func flushed() -> [InlineMarkdown] { text.isEmpty ? pieces : pieces + [.text(text)] }
      while let character = characters.first {
        if character == "\\", let next = characters.dropFirst().first, InlineMarkdown.isEscapable(next) {
          text.append(next)
          characters = characters.dropFirst(2)
        } else if let piece = piece() {
          pieces = flushed() + [piece]
          text = ""
        } else {
          // Half of an unclosed double star must not be taken for a single one.
          let width = characters.starts(with: "**") ? 2 : 1
          text += String(characters.prefix(width))
          characters = characters.dropFirst(width)
        }
      }
      return flushed()
    }

    /// Reads a marked piece; without its closing mark nothing is read.
    private mutating func piece() -> InlineMarkdown? {
      let start = characters.startIndex
      switch characters.first {
      case "`":
        guard let end = characters.dropFirst().firstIndex(of: "`") else { return nil }
        defer { characters = characters[(end + 1)...] }
        return .code(String(characters[(start + 1)..<end]))
      case "*":
        let isStrong = characters.starts(with: "**")
        let width = isStrong ? 2 : 1
        // A mark before a space is not one: "2 * 3".
        guard let next = characters.dropFirst(width).first, !next.isWhitespace,
          let end = end(of: isStrong ? "**" : "*", after: start + width), end > start + width
        else { return nil }
        var inner = Parser(characters: characters[(start + width)..<end])
        characters = characters[(end + width)...]
        return isStrong ? .strong(inner.pieces()) : .emphasis(inner.pieces())
      case "[":
        guard let end = end(of: "]", after: start + 1), characters[(end + 1)...].first == "(",
          let close = characters[(end + 1)...].firstIndex(of: ")")
        else { return nil }
        var inner = Parser(characters: characters[(start + 1)..<end])
        let target = String(characters[(end + 2)..<close])
        characters = characters[(close + 1)...]
        return .link(inner.pieces(), target: target)
      default: return nil
      }
    }

    /// Finds a closing mark, past escapes, code and, for a single star, double ones.
    private func end(of mark: String, after start: Int) -> Int? {
      var position = start
      while position < characters.endIndex {
        let rest = characters[position...]
        if rest.first == "\\" {
          position += 2
        } else if rest.first == "`", let close = rest.dropFirst().firstIndex(of: "`") {
          position = close + 1
        } else if mark == "*", rest.starts(with: "**") {
          position += 2
        } else if rest.starts(with: mark) {
          return position
        } else {
          position += 1
        }
      }
      return nil
    }
  }

  private static func isEscapable(_ character: Character) -> Bool {
    character.isASCII && (character.isPunctuation || character.isSymbol)
  }
}
