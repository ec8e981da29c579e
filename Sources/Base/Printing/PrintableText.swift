/// Texts from outside as people may see them: nothing in them moves a cursor, changes colours, or reorders what stands beside it.
extension String {
  /// The text with its control characters made visible; line feeds and tabs stay.
  ///
  ///     "\u{1B}[31mred".printable   // "␛[31mred"
  ///
  /// ASCII controls become their pictures (U+2400 and following). Those without a picture, the C1 controls, the separators of lines and
  /// paragraphs and the marks that reverse the direction of writing, become their number, as in `\u{9B}`. A carriage return before a
  /// line feed is left out.
  public var printable: String { visible { $0 == "\n" || $0 == "\t" } }

  /// The text like ``printable``, with its carriage returns: a value that programs read again.
  var printableData: String { visible { $0 == "\n" || $0 == "\t" || $0 == "\r" } }

  /// The text like ``printable``, on one line: line feeds become `␊`, tabs become spaces.
  public var printableLine: String {
    let text = utf8.contains(UInt8(ascii: "\t")) ? replacing("\t", with: " ") : self
    return text.visible { _ in false }
  }

  /// Returns the text, or its beginning with an ellipsis and how long it is.
  ///
  ///     String(repeating: "a", count: 20_000).abbreviated(to: 5)   // "aaaaa… (20000 characters)"
  ///
  /// - Parameter limit: Characters that are left.
  /// - Returns: At most `limit` characters, and the remark.
  public func abbreviated(to limit: Int) -> String {
    // A text has no more characters than bytes.
    guard utf8.count > limit, count > limit else { return self }
    return "\(prefix(limit))… (\(count) characters)"
  }

  /// Returns the text with each line cut as ``abbreviated(to:)`` does.
  ///
  /// - Parameter limit: Characters of a line that are left.
  /// - Returns: As many lines.
  public func abbreviatedLines(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).map { String($0).abbreviated(to: limit) }
      .joined(separator: "\n")
  }

  private func visible(except isKept: (Unicode.Scalar) -> Bool) -> String {
    guard utf8.contains(where: Self.mayBeginControl) else { return self }
    var result = String.UnicodeScalarView()
    var scalars = unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if isKept(scalar) {
        result.append(scalar)
      } else if scalar == "\r", scalars.first == "\n" {
        continue
      } else if let picture = scalar.picture {
        result.append(contentsOf: picture.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Whether a byte of UTF-8 is a control character or may begin one.
  private static func mayBeginControl(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2
  }
}

extension Unicode.Scalar {
  /// What stands for a control character, `nil` for any other.
  var picture: String? {
    switch value {
    case 0x00...0x1F: Unicode.Scalar(0x2400 + value).map { String(Character($0)) }
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069: "\\u{\(String(value, radix: 16, uppercase: true))}"
    default: nil
    }
  }
}
