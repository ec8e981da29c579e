/// How a worker program is started, as the spec says it.
public struct Worker: Sendable {
  /// The name that tasks begin with.
  public var name: String
  /// Program and arguments; parameters that do not depend on an axis and `${projectRoot}` may occur.
  public var command: [ValueTemplate]
  /// How many processes of it may run at once; 1 or more.
  public var count: Int
  /// Extra environment variables.
  public var environment: [(name: String, value: ValueTemplate)]
  /// After how many tasks a process is replaced by a fresh one; never if absent.
  public var maximumRequests: Int?
  /// Patterns of files that its tasks depend on besides those that are found by themselves; `!` before one takes files out.
  public var sources: [SourcePattern] = []
  /// Whether what it reads is observed, if it says so itself.
  public var observes: Bool?
  /// Where the name stands.
  package var place: Range<Int>
}
