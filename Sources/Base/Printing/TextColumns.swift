/// How much room texts take on a terminal, where letters of some scripts take two columns and others none.
extension String {
  /// Columns that the text takes, on one line.
  ///
  ///     "größe".columns      // 5
  ///     "日本".columns        // 4
  ///     "e\u{301}".columns   // 1
  public var columns: Int {
    // In ASCII every character that can be seen takes one.
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
  }

  /// Returns the beginning of the text that fits into some columns, with an ellipsis if it is not all.
  ///
  /// - Parameter limit: Columns, at least 1.
  /// - Returns: A text of at most `limit` columns.
  public func cut(toColumns limit: Int) -> String {
    // A text takes no more columns than it has bytes.
    guard utf8.count > limit else { return self }
    var taken = 0
    // Where the text ends if it does not fit.
    var end = startIndex
    for (index, character) in zip(indices, self) {
      taken += character.columns
      if taken > limit { return String(self[..<end]) + "…" }
      if taken < limit { end = self.index(after: index) }
    }
    return self
  }

  /// Returns the text with spaces after or before it, so that it takes some columns; a longer one stays as it is.
  ///
  /// - Parameters:
  ///   - width: Columns.
  ///   - isTrailing: Whether the text stands at the end of its room, as numbers do.
  /// - Returns: A text of at least `width` columns.
  public func padded(toColumns width: Int, isTrailing: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - columns))
    return isTrailing ? space + self : self + space
  }
}

extension Character {
  /// Columns that terminals give the character: those of its first visible scalar, or two for a picture.
  var columns: Int {
    var result = 0
    for scalar in unicodeScalars {
      // The selector of a picture in the place of a letter.
      if scalar.value == 0xFE0F, result > 0 { return 2 }
      result = max(result, scalar.columns)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Columns that terminals give the scalar: 0, 1 or 2.
  ///
  /// - Source: Unicode Standard Annex #11, "East Asian Width": wide and full-width blocks.
  fileprivate var columns: Int {
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    if properties.isDefaultIgnorableCodePoint || 0x1160...0x11FF ~= value { return 0 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF,
      0x20000...0x3FFFD:
      return 2
    default: return properties.isEmojiPresentation ? 2 : 1
    }
  }
}
