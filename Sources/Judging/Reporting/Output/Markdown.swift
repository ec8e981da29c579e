import Printing

/// Small pieces of Markdown.
package enum Markdown {
  /// Returns a text that shows literally, on one line, also inside a table cell.
  package static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { isMark($0) || $0 < 0x20 || $0 >= 0x7F }) else { return text }
    var result = String.UnicodeScalarView()
    // A mark with an accent on it is still the byte that a renderer looks for, so that characters are too coarse.
    for (scalar, next) in pairs(text) {
      switch scalar {
      case "\r" where next == "\n": continue
      case "\n", "\r", "\t": result.append(" ")
      case "&" where next.map(beginsEntity) != true: result.append(scalar)
      case _ where scalar.isASCII && isMark(UInt8(ascii: scalar)):
        result.append("\\")
        result.append(scalar)
      default: result.append(scalar)
      }
    }
    return String(result).printable
  }

  /// Returns an author's inline Markdown on one line, with bars escaped that would end a table cell.
  package static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 < 0x20 || $0 >= 0x7F }) else { return text }
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for (scalar, next) in pairs(text) {
      if scalar == "\r", next == "\n" { continue }
      if scalar == "|", !isEscaped { result.append("\\") }
      result.append(scalar == "\n" || scalar == "\r" ? " " : scalar)
      isEscaped = scalar == "\\" && !isEscaped
    }
    return String(result).printable
  }

  /// Returns a text as code, on one line.
  ///
  /// Longer fences, which could hold backticks, are not understood everywhere: those become apostrophes.
  package static func code(_ text: String) -> String {
    let isPlain = !text.utf8.contains { $0 == UInt8(ascii: "`") || $0 < 0x20 || $0 >= 0x7F }
    return "`\(isPlain ? text : text.replacing("`", with: "'").printableLine)`"
  }

  /// Returns lines as a block of code, whose fence is longer than any in them.
  package static func fenced(_ lines: [String]) -> String {
    let shown = lines.map(\.printableLine)
    var longest = 2
    for line in shown {
      var run = 0
      for byte in line.utf8 {
        run = byte == UInt8(ascii: "`") ? run + 1 : 0
        longest = max(longest, run)
      }
    }
    let fence = String(repeating: "`", count: longest + 1)
    return ([fence] + shown + [fence]).joined(separator: "\n")
  }

  /// Returns the first line of a text, cut with an ellipsis.
  package static func shortened(_ text: String, to count: Int) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > count ? line.prefix(count - 1) + "…" : line
  }

  private static func pairs(_ text: String) -> [(Unicode.Scalar, next: Unicode.Scalar?)] {
    let scalars = Array(text.unicodeScalars)
    return scalars.indices.map { (scalars[$0], scalars.indices.contains($0 + 1) ? scalars[$0 + 1] : nil) }
  }

  /// `&lt;` and `&#60;` would show as what they stand for; "A & B" is text.
  private static func beginsEntity(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "#" || scalar.isASCII && scalar.properties.isAlphabetic
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"), UInt8(ascii: "#"),
      UInt8(ascii: "~"), UInt8(ascii: "$"), UInt8(ascii: "&"):
      true
    default: false
    }
  }
}
