/// How to start a worker program.
public struct WorkerDefinition: Sendable, Hashable {
  /// Program and arguments.
  public var command: [String]
  /// How many processes of it may run at once; 1 or more.
  public var count: Int
  /// Extra environment variables.
  public var environment: [String: String]
  /// After how many tasks a process is replaced by a fresh one; never if absent.
  public var maximumRequests: Int?

  /// Makes a definition.
  ///
  /// - Parameters:
  ///   - command: Program and arguments.
  ///   - count: How many processes of it may run at once.
  ///   - environment: Extra environment variables.
  ///   - maximumRequests: After how many tasks a process is replaced by a fresh one.
  public init(
    command: [String], count: Int = 1, environment: [String: String] = [:], maximumRequests: Int? = nil
  ) {
    self.command = command
    self.count = count
    self.environment = environment
    self.maximumRequests = maximumRequests
  }
}
