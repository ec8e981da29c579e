/// A pattern of files that results depend on, such as `lib/**/*.py`; relative to the project.
public struct SourcePattern: Sendable, Hashable {
  /// The pattern; `!` at its beginning takes files out.
  public var text: String
  /// Where it stands.
  package var place: Range<Int>
}
