/// A name of anybody's choice, with any letters: of a metric, a unit, an artifact, a task.
///
/// It is stored, printed and looked for, so that it must read as it is: nothing in it is invisible at its ends, ends a line, or commands a
/// terminal.
public enum FreeName {
  /// Most bytes of a name.
  public static let byteLimit = 1024

  /// Returns what a text has to be instead in order to be such a name, as in "a name, not an empty text"; nil if it is one.
  ///
  /// - Parameter text: Any text.
  /// - Returns: An expectation with the cure.
  public static func expectation(for text: String) -> String? {
    if text.isEmpty { return "a name, not an empty text" }
    if text.utf8.count > byteLimit { return "a text of at most \(byteLimit) bytes, not \(text.utf8.count)" }
    // Plain names are by far the most.
    if text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) { return nil }
    if let control = text.unicodeScalars.first(where: isControl) {
      let digits = String(control.value, radix: 16, uppercase: true)
      let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return "a text without control characters, not one with U+\(code)"
    }
    if !text.unicodeScalars.contains(where: isVisible) { return "a name with something to see, not only spaces" }
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
      !first.properties.isWhitespace, !last.properties.isWhitespace
    else { return "a text without spaces at its ends" }
    return nil
  }

  /// Control characters, ends of lines and paragraphs, and marks that reverse the direction of what follows.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
  }
}
