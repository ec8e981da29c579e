/// The inline Markdown that reports and their authors use, taken apart for other formats.
///
/// Strong (`**`), emphasis (`*`), code (`` ` ``), links, and backslash escapes. What is not closed is text.
indirect enum InlineMarkdown: Equatable {
  case text(String)
  case strong([InlineMarkdown])
  case emphasis([InlineMarkdown])
  case code(String)
  case link([InlineMarkdown], target: String)

  /// Returns the pieces of a text.
  static func parse(_ text: String) -> [InlineMarkdown] {
    var parser = Parser(characters: Array(text))
    return parser.pieces(until: nil)
  }

  /// Returns a text without any marks.
  static func plain(_ text: String) -> String {
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
    let characters: [Character]
    var position = 0

    mutating func pieces(until end: String?) -> [InlineMarkdown] {
      var pieces: [InlineMarkdown] = []
      var text = ""
      func flushed() -> [InlineMarkdown] { text.isEmpty ? pieces : pieces + [.text(text)] }
      while position < characters.count {
        if let end, starts(with: end) { return flushed() }
        let character = characters[position]
        if character == "\\", position + 1 < characters.count, InlineMarkdown.isEscapable(characters[position + 1]) {
          text.append(characters[position + 1])
          position += 2
        } else if let piece = piece() {
          pieces = flushed() + [piece]
          text = ""
        } else {
          text.append(character)
          position += 1
        }
      }
      return flushed()
    }

    /// Reads a marked piece; without its closing mark nothing is read.
    private mutating func piece() -> InlineMarkdown? {
      let start = position
      if starts(with: "`"), let end = characters[(position + 1)...].firstIndex(of: "`") {
        position = end + 1
        return .code(String(characters[(start + 1)..<end]))
      }
      for mark in ["**", "*"] where starts(with: mark) && isOpening(after: mark.count) {
        position += mark.count
        let inner = pieces(until: mark)
        if starts(with: mark), !inner.isEmpty {
          position += mark.count
          return mark == "*" ? .emphasis(inner) : .strong(inner)
        }
        position = start
      }
      if starts(with: "[") {
        position += 1
        let inner = pieces(until: "](")
        if starts(with: "]("), let end = characters[position...].firstIndex(of: ")") {
          let target = String(characters[(position + 2)..<end])
          position = end + 1
          return .link(inner, target: target)
        }
        position = start
      }
      return nil
    }

    private func starts(with mark: String) -> Bool {
      characters.dropFirst(position).starts(with: mark)
    }

    /// A mark before a space is not one: "2 * 3".
    private func isOpening(after count: Int) -> Bool {
      let next = position + count
      return next < characters.count && !characters[next].isWhitespace
    }
  }

  private static func isEscapable(_ character: Character) -> Bool {
    character.isASCII && (character.isPunctuation || character.isSymbol)
  }
}
