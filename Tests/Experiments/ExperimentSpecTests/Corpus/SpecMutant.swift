import ExperimentSpec
import JSON
import TestSupport

/// A shipped spec with one mistake, and where that must be reported.
struct SpecMutant {
  /// What was done to it.
  var kind: String
  /// The changed spec, under the name of its file.
  var source: SourceText
  /// The place of the mistake.
  var place: JSON.SourceLocation
  /// The name that was meant, for mistakes that have one.
  var suggestion: String?
  /// Where the changed member stands, for messages.
  var site: String
  /// Offset before which everything but white space and commas must have been read, for mistakes that show where the next token is.
  var deletion: Int?
  /// Whether the place may also be that of a note.
  var allowsNotes = false

  /// Whether one of some diagnostics is at the place.
  func isPlaced(by diagnostics: [Diagnostic]) -> Bool {
    diagnostics.contains { diagnostic in
      guard diagnostic.place.file == source.name else { return false }
      if diagnostic.place.location == place { return true }
      if allowsNotes, diagnostic.notes.contains(where: { $0.place.location == place }) { return true }
      return deletion.map { isNextToken(diagnostic.place.location, after: $0) } ?? false
    }
  }

  /// Whether one of the diagnostics at the place suggests the right name.
  func isCured(by diagnostics: [Diagnostic]) -> Bool {
    diagnostics.contains { $0.place.location == place && $0.suggestion == suggestion }
  }

  private func isNextToken(_ location: JSON.SourceLocation, after offset: Int) -> Bool {
    var position = offset
    while position < source.bytes.count, " \n\r\t,".utf8.contains(source.bytes[position]) {
      position += 1
      if source.location(at: position) == location { return true }
    }
    return source.location(at: offset) == location
  }
}

extension SeededGenerator {
  /// Returns some elements in random order.
  mutating func some<Element>(_ count: Int, of elements: [Element]) -> [Element] {
    Array(elements.shuffled(using: &self).prefix(count))
  }

  /// Returns a word with one typing mistake that makes another word of it, but not one of some known words.
  mutating func misspelt(_ word: String, unlike known: Set<String>) -> String {
    while true {
      let other = misspelt(word)
      if !known.contains(other) { return other }
    }
  }

  private mutating func misspelt(_ word: String) -> String {
    var letters = Array(word)
    let index = Int.random(in: 0..<letters.count, using: &self)
    switch Int.random(in: 0..<4, using: &self) {
    case 0 where index + 1 < letters.count && letters[index] != letters[index + 1]: letters.swapAt(index, index + 1)
    case 1 where letters.count > 2: letters.remove(at: index)
    case 2: letters.insert(letters[index], at: index)
    default: letters[index] = letters[index] == "q" ? "z" : "q"
    }
    return String(letters)
  }
}
