/// Small pieces of Markdown.
package enum Markdown {
  /// Returns a text that shows literally, on one line, also inside a table cell.
  package static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { isMark($0) || $0 < 0x20 || $0 >= 0x80 }) else { return text }
    var result = ""
    for character in text {
      switch character {
      case "|", "*", "_", "`", "<", ">", "[", "]", "\\", "#": result += "\\\(character)"
      case _ where character.isNewline || character == "\t": result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// Returns an author's inline Markdown on one line, with bars escaped that would end a table cell.
  package static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 < 0x20 || $0 == 0xC2 || $0 == 0xE2 }) else {
      return text
    }
    var result = ""
    var isEscaped = false
    for character in text {
      if character == "|", !isEscaped { result += "\\" }
      result.append(character.isNewline ? " " : character)
      isEscaped = character == "\\" && !isEscaped
    }
    return result
  }

  /// Returns a text for an HTML or SVG attribute or element.
  package static func escapedForXML(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecialInXML) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      // XML 1.0 has no way to write other control characters.
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"), UInt8(ascii: "#"):
      true
    default: false
    }
  }

  private static func isSpecialInXML(_ byte: UInt8) -> Bool {
    switch byte {
    // 0xEF begins the characters that XML cannot write.
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0xEF: true
    default: byte < 0x20
    }
  }

  /// Returns the first line of a text, cut with an ellipsis.
  package static func shortened(_ text: String, to count: Int) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > count ? line.prefix(count - 1) + "…" : line
  }
}
