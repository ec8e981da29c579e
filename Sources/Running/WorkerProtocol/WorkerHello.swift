public import JSON

/// A worker's first message: who it is and what it can do.
public struct WorkerHello: Sendable, Hashable {
  /// The version of the protocol that this module speaks.
  public static let currentProtocol = 1

  /// One task that a worker offers.
  public struct Task: Sendable, Hashable {
    /// The name that specs use behind the worker's name, as in `priorbrush/generate`.
    public var name: String
    /// Changes whenever results may change; part of the fingerprint of every job that runs the task.
    public var version: String

    /// Creates a task.
    ///
    /// - Parameters:
    ///   - name: The task's name.
    ///   - version: The version of its results.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// The version of the protocol that the worker speaks.
  public var protocolVersion: Int
  /// The worker's own name.
  public var name: String
  /// The worker's version.
  public var version: String
  /// The tasks that it offers.
  public var tasks: [Task]

  /// Creates a hello.
  ///
  /// - Parameters:
  ///   - name: The worker's own name.
  ///   - version: The worker's version.
  ///   - tasks: The tasks that it offers.
  ///   - protocolVersion: The version of the protocol that it speaks.
  public init(name: String, version: String, tasks: [Task], protocolVersion: Int = WorkerHello.currentProtocol) {
    self.protocolVersion = protocolVersion
    self.name = name
    self.version = version
    self.tasks = tasks
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    protocolVersion = try reader.integer("protocol")
    name = try reader.name("name")
    version = try reader.label("version")
    tasks = try reader.objects("tasks") { (task) throws(WorkerProtocolError) in
      Task(name: try task.name("name"), version: try task.label("version"))
    }
  }

  /// The message as JSON.
  public var json: JSONValue {
    [
      "type": "hello", "protocol": .integer(Int64(protocolVersion)), "name": .string(name), "version": .string(version),
      "tasks": .array(tasks.map { ["name": .string($0.name), "version": .string($0.version)] }),
    ]
  }
}
