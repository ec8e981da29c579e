public import JSON

/// One mistake or remark about a spec, with everything needed to show it.
public struct Diagnostic: Sendable, Hashable {
  /// How serious it is; only errors keep an experiment from being planned.
  public enum Severity: String, Sendable, Hashable {
    /// Additional information about another diagnostic.
    case note
    /// Probably not what was meant.
    case warning
    /// Must be corrected.
    case error
  }

  /// A further place that belongs to the diagnostic.
  public struct Note: Sendable, Hashable {
    /// What is to be seen there.
    public var message: String
    /// The place.
    public var place: SourceExcerpt

    /// Makes a note.
    ///
    /// - Parameters:
    ///   - message: What is to be seen there.
    ///   - place: The place.
    public init(message: String, place: SourceExcerpt) {
      self.message = message
      self.place = place
    }
  }

  /// How serious it is.
  public var severity: Severity
  /// What kind of mistake it is; stable across versions.
  public var code: DiagnosticCode
  /// What is wrong, one sentence without place and full stop.
  public var message: String
  /// Where it is.
  public var place: SourceExcerpt
  /// What was expected or how to cure it, shown beside the caret.
  public var hint: String?
  /// The nearest known name, for misspelt ones.
  public var suggestion: String?
  /// Further places.
  public var notes: [Note]

  /// Makes a diagnostic.
  ///
  /// - Parameters:
  ///   - severity: How serious it is.
  ///   - code: What kind of mistake it is.
  ///   - message: What is wrong, one sentence without place and full stop.
  ///   - place: Where it is.
  ///   - hint: What was expected or how to cure it.
  ///   - suggestion: The nearest known name, for misspelt ones.
  ///   - notes: Further places.
  public init(
    severity: Severity = .error, code: DiagnosticCode, message: String, place: SourceExcerpt, hint: String? = nil,
    suggestion: String? = nil, notes: [Note] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.place = place
    self.hint = hint
    self.suggestion = suggestion
    self.notes = notes
  }
}

/// A place in a file together with the line it stands in.
public struct SourceExcerpt: Sendable, Hashable {
  /// The file's name as the user wrote it, or `--set` for an override.
  public var file: String
  /// 1-based line, and column in characters.
  public var location: SourceLocation
  /// Number of characters to underline, at least 1; never beyond the line.
  public var length: Int
  /// The text of the line, or of a very long line the part around the place.
  public var lineText: String
  /// The 1-based column at which that text begins.
  public var firstColumn = 1

  /// Makes an excerpt by hand; ``SourceMap`` makes them from byte ranges.
  ///
  /// - Parameters:
  ///   - file: The file's name.
  ///   - location: 1-based line, and column in characters.
  ///   - length: Number of characters to underline.
  ///   - lineText: The text of the line.
  public init(file: String, location: SourceLocation, length: Int, lineText: String) {
    self.file = file
    self.location = location
    self.length = length
    self.lineText = lineText
  }
}
