import Foundation

/// Cuts a caption into the pieces that are encoded one by one.
///
/// The rules are those of CLIP's published pattern: contractions, runs of letters, single digits, runs of anything else.
enum CaptionWords {
  static let startMark = "<start_of_text>"
  static let endMark = "<end_of_text>"
  private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]

  /// Returns the pieces of a text in lower case.
  static func split(_ text: String) -> [String] {
    let scalars = Array(clean(text).unicodeScalars)
    var words: [String] = []
    var index = 0
    while index < scalars.count {
      if scalars[index].properties.isWhitespace {
        index += 1
        continue
      }
      let end = self.end(of: scalars, from: index)
      var word = String.UnicodeScalarView()
      word.append(contentsOf: scalars[index..<end])
      words.append(String(word))
      index = end
    }
    return words
  }

  private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int {
    for mark in [startMark, endMark] + contractions {
      let length = mark.unicodeScalars.count
      if start + length <= scalars.count, scalars[start..<start + length].elementsEqual(mark.unicodeScalars) {
        return start + length
      }
    }
    var end = start + 1
    switch kind(scalars[start]) {
    case .digit: return end
    case .space: return end
    case .letter: while end < scalars.count, kind(scalars[end]) == .letter { end += 1 }
    case .other: while end < scalars.count, kind(scalars[end]) == .other { end += 1 }
    }
    return end
  }

  private enum Kind { case letter, digit, space, other }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    if scalar.properties.isWhitespace { return .space }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .digit
    default: return .other
    }
  }

  private static let entities = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
  ]

  /// Composes accents, straightens quotation marks, reads the common HTML entities (twice, as CLIP does) and lowers case.
  private static func clean(_ text: String) -> String {
    var text = text.precomposedStringWithCanonicalMapping
    for (mark, plain) in [("\u{2018}", "'"), ("\u{2019}", "'"), ("\u{201C}", "\""), ("\u{201D}", "\"")] {
      text = text.replacingOccurrences(of: mark, with: plain)
    }
    for _ in 0..<2 {
      guard text.contains("&") else { break }
      for (entity, plain) in entities { text = text.replacingOccurrences(of: entity, with: plain) }
    }
    return text.lowercased()
  }
}
