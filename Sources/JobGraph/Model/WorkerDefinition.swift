/// How to start a worker program.
public struct WorkerDefinition: Sendable, Hashable {
  /// Program and arguments.
  public var command: [String]
  /// How many processes of it may run at once; 1 or more.
  public var count: Int
  /// Extra environment variables.
  public var environment: [String: String]

  /// Makes a definition.
  ///
  /// - Parameters:
  ///   - command: Program and arguments.
  ///   - count: How many processes of it may run at once.
  ///   - environment: Extra environment variables.
  public init(command: [String], count: Int = 1, environment: [String: String] = [:]) {
    self.command = command
    self.count = count
    self.environment = environment
  }
}
