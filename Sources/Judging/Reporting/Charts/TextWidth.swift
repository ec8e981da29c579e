/// Widths of text in a sans-serif face, to place labels without a font at hand.
package enum TextWidth {
  /// Returns the width of a text, in the unit of `size`.
  ///
  /// Advance widths of the Helvetica family with room for its widest substitutes; characters beyond ASCII count as wide.
  package static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let units = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    return Double(units) / 1000 * size * (isBold ? 1.28 : 1.16)
  }

  /// Returns the text cut with an ellipsis so that it is not wider than `limit`.
  package static func truncated(_ text: String, to limit: Double, size: Double, isBold: Bool = false) -> String {
    guard of(text, size: size, isBold: isBold) > limit else { return text }
    var shortened = text
    while !shortened.isEmpty, of(shortened + "…", size: size, isBold: isBold) > limit { shortened.removeLast() }
    while shortened.last?.isWhitespace == true { shortened.removeLast() }
    return shortened + "…"
  }

  /// Returns lines not wider than `limit`, broken at spaces; the last of `maximumLines` is cut.
  package static func wrapped(
    _ text: String, to limit: Double, size: Double, isBold: Bool = false, maximumLines: Int
  ) -> [String] {
    var lines: [String] = []
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
    while let first = words.popFirst() {
      guard lines.count < maximumLines - 1 else {
        lines.append(([first] + words).joined(separator: " "))
        break
      }
      var line = first
      while let next = words.first, of(line + " " + next, size: size, isBold: isBold) <= limit {
        line += " " + next
        words.removeFirst()
      }
      lines.append(line)
    }
    return lines.map { truncated($0, to: limit, size: size, isBold: isBold) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    let position = Int(scalar.value) - 32
    if ascii.indices.contains(position) { return ascii[position] }
    return scalar.value >= 0x1100 ? 1000 : 600
  }

  /// From space to tilde, thousandths of the size.
  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
  ]
}
