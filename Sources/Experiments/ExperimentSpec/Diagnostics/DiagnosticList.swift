/// Diagnostics up to a number that a person can use; of more only their number.
package struct DiagnosticList {
  private var kept: [(offset: Int, diagnostic: Diagnostic)] = []
  private var counts: [Diagnostic.Severity: Int] = [:]

  /// Longest message and hint in characters; names of any length may occur in them.
  private static let longestText = 400

  /// Makes an empty list.
  package init() {}

  /// Whether there is an error among them.
  package var hasErrors: Bool { counts[.error] != nil }

  /// Whether another one would be kept.
  package func hasRoom(for severity: Diagnostic.Severity) -> Bool {
    counts[severity, default: 0] < SpecLimit.shownMistakes
  }

  /// Counts one that is not made, because there is no room for it.
  package mutating func omit(_ severity: Diagnostic.Severity) { counts[severity, default: 0] += 1 }

  /// Adds one.
  ///
  /// - Parameters:
  ///   - diagnostic: The diagnostic.
  ///   - offset: Where it belongs in ``sorted``.
  package mutating func add(_ diagnostic: Diagnostic, at offset: Int = 0) {
    defer { omit(diagnostic.severity) }
    guard hasRoom(for: diagnostic.severity) else { return }
    var diagnostic = diagnostic
    diagnostic.message = Self.cut(diagnostic.message)
    diagnostic.hint = diagnostic.hint.map(Self.cut)
    for index in diagnostic.notes.indices {
      diagnostic.notes[index].message = Self.cut(diagnostic.notes[index].message)
    }
    kept.append((offset, diagnostic))
  }

  /// What was kept in the order of offsets, each once; the last one says how many more there are.
  package var sorted: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    let ordered = kept.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
      .map(\.element.diagnostic).filter { seen.insert($0).inserted }
    let severities: [Diagnostic.Severity] = [.error, .warning]
    let omitted: [Diagnostic] = severities.compactMap { severity in
      let more = counts[severity, default: 0] - SpecLimit.shownMistakes
      guard more > 0, let last = ordered.last(where: { $0.severity == severity }) else { return nil }
      return Diagnostic(.notTold(count: more, severity), at: last.place, severity: severity)
    }
    return ordered + omitted
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > longestText, text.count > longestText else { return text }
    return text.prefix(longestText) + "…"
  }
}
