/// Texts as parts of XML, SVG and HTML.
public enum XMLText {
  /// Returns a text for an attribute or the content of an element, on one line; whatever it is, the document stays well formed.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The text with its marks as entities and its control characters visible, of which XML 1.0 can write none.
  public static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecial) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default:
        if let picture = scalar.picture { result += picture } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    // 0xC2 and 0xE2 may begin control characters, 0xEF the characters that XML cannot write.
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x7F, 0xC2, 0xE2, 0xEF: true
    default: byte < 0x20
    }
  }
}
