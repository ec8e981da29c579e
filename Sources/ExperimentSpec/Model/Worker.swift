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
  /// Where the name stands.
  package var place: Range<Int>
}
