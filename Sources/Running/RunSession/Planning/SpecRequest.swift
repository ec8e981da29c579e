package import ExperimentSpec

/// A spec with what is changed of it.
package struct SpecRequest: Sendable {
  /// The file, as the user wrote it.
  package var path: String
  /// Changes of its values, `path=value`.
  package var overrides: [String]
  /// Remarks that are of no interest.
  package var ignored: Set<DiagnosticCode>

  package init(path: String, overrides: [String] = [], ignored: Set<DiagnosticCode> = []) {
    self.path = path
    self.overrides = overrides
    self.ignored = ignored
  }
}
