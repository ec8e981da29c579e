public import JSON

/// Turns diagnostics into text for people and into JSON for tools; the only place with layout and carets.
///
///     experiments/exp3.json:14:7: error: unknown member 'stpes' of 'axes' [spec.unknown-member]
///        14 |       "stpes": [2, 3, 5],
///           |       ^~~~~~~ did you mean 'steps'?
public struct DiagnosticRenderer: Sendable {
  /// Longer lines are shown in part, around the caret.
  private let widthLimit = 100

  /// Makes a renderer.
  public init() {}

  /// Returns the text of some diagnostics, followed by a line that counts them.
  ///
  /// - Parameter diagnostics: In the order in which they are to be shown.
  /// - Returns: Lines with line ends; empty if there are none.
  public func text(of diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "" }
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count { $0.severity == .warning }
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    let summary = counts.isEmpty ? "" : counts.joined(separator: ", ") + "\n"
    return diagnostics.map(text(of:)).joined() + summary
  }

  /// Returns the text of one diagnostic.
  ///
  /// - Parameter diagnostic: The diagnostic.
  /// - Returns: Its head line, the excerpt with a caret, and its notes, each line with a line end.
  public func text(of diagnostic: Diagnostic) -> String {
    let head = head(of: diagnostic.place, diagnostic.severity, diagnostic.message)
    var text = "\(head) [\(diagnostic.code.rawValue)]\n"
    text += excerpt(
      of: diagnostic.place, hint: diagnostic.hint ?? diagnostic.suggestion.map { "did you mean '\($0)'?" })
    for note in diagnostic.notes { text += self.head(of: note.place, .note, note.message) + "\n" }
    return text
  }

  /// Returns the machine-readable form of some diagnostics.
  ///
  /// - Parameter diagnostics: In the order in which they are to be listed.
  /// - Returns: `{"diagnostics": [{severity, code, message, file, line, column, length, hint, suggestion, notes}]}`.
  public func json(of diagnostics: [Diagnostic]) -> JSONValue {
    ["diagnostics": .array(diagnostics.map(json(of:)))]
  }

  private func json(of diagnostic: Diagnostic) -> JSONValue {
    var value: JSONValue = [
      "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code.rawValue),
      "message": .string(diagnostic.message),
    ]
    addPlace(diagnostic.place, to: &value)
    value["hint"] = diagnostic.hint.map { .string($0) }
    value["suggestion"] = diagnostic.suggestion.map { .string($0) }
    if !diagnostic.notes.isEmpty {
      value["notes"] = .array(
        diagnostic.notes.map { note in
          var entry: JSONValue = ["message": .string(note.message)]
          addPlace(note.place, to: &entry)
          return entry
        })
    }
    return value
  }

  private func addPlace(_ place: SourceExcerpt, to value: inout JSONValue) {
    value["file"] = .string(place.file)
    value["line"] = .integer(Int64(place.location.line))
    value["column"] = .integer(Int64(place.location.column))
    value["length"] = .integer(Int64(place.length))
  }

  private func head(of place: SourceExcerpt, _ severity: Diagnostic.Severity, _ message: String) -> String {
    "\(place.file):\(place.location.line):\(place.location.column): \(severity.rawValue): \(message)"
  }

  private func excerpt(of place: SourceExcerpt, hint: String?) -> String {
    guard !place.lineText.isEmpty else { return hint.map { "        \($0)\n" } ?? "" }
    var line = Array(place.lineText)
    var start = min(max(0, place.location.column - place.firstColumn), line.count)
    var length = place.length
    if line.count > widthLimit {
      let first = max(0, min(start - widthLimit / 3, line.count - widthLimit))
      let last = min(line.count, first + widthLimit)
      line = (first > 0 ? ["…"] : []) + line[first..<last] + (last < line.count ? ["…"] : [])
      start += (first > 0 ? 1 : 0) - first
    }
    length = max(1, min(length, line.count - start))
    let number = String(place.location.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let indent = String(line[..<start].map { $0 == "\t" ? "\t" : " " })
    let caret = "^" + String(repeating: "~", count: length - 1)
    let tail = hint.map { " \($0)" } ?? ""
    return "\(margin) | \(String(line))\n\(String(repeating: " ", count: margin.count)) | \(indent)\(caret)\(tail)\n"
  }
}
