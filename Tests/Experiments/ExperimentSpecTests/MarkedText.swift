import ExperimentSpec
import JSON
import Testing

/// Text with numbered markers (1️⃣, 2️⃣ …) at places that are spoken of.
struct MarkedText {
  let text: String
  private(set) var places: [Int: JSON.SourceLocation] = [:]

  init(_ marked: String) {
    var plain = ""
    var location = JSON.SourceLocation(line: 1, column: 1)
    for character in marked {
      if character.unicodeScalars.count == 3,
        let digit = character.unicodeScalars.first?.properties.numericType == .decimal
          ? Int(String(character.unicodeScalars.prefix(1).map { Character($0) })) : nil
      {
        places[digit] = location
        continue
      }
      plain.append(character)
      location =
        character == "\n"
        ? JSON.SourceLocation(line: location.line + 1, column: 1)
        : JSON.SourceLocation(line: location.line, column: location.column + 1)
    }
    text = plain
  }
}

/// What is expected at a marker.
struct ExpectedDiagnostic: Sendable {
  var marker: Int
  var code: DiagnosticCode
  var message: String
  var suggestion: String?

  init(_ marker: Int, _ code: DiagnosticCode, _ message: String, suggestion: String? = nil) {
    self.marker = marker
    self.code = code
    self.message = message
    self.suggestion = suggestion
  }
}

/// A marked spec and all diagnostics it must give.
struct DiagnosticCase: Sendable, CustomTestStringConvertible {
  var name: String
  var marked: String
  var expected: [ExpectedDiagnostic]
  var testDescription: String { name }

  init(_ name: String, _ marked: String, _ expected: [ExpectedDiagnostic]) {
    self.name = name
    self.marked = marked
    self.expected = expected
  }
}
