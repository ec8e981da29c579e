public import JSON

/// The end of a task that succeeded.
public struct TaskResult: Sendable, Hashable {
  /// The request's id.
  public var id: String
  /// What was measured and made.
  public var measurements: TaskMeasurements

  /// Creates a result.
  ///
  /// - Parameters:
  ///   - id: The request's id.
  ///   - measurements: What was measured and made.
  public init(id: String, measurements: TaskMeasurements = TaskMeasurements()) {
    self.id = id
    self.measurements = measurements
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    id = try reader.string("id")
    measurements = try TaskMeasurements(reader, besides: ["type", "id"])
  }

  /// The message as JSON.
  public var json: JSONValue {
    let head: JSONValue = ["type": "result", "id": .string(id)]
    return .object((head.objectValue ?? []) + (measurements.json.objectValue ?? []))
  }
}

/// The end of a task that failed.
public struct TaskFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Whose fault it is.
  public enum Kind: String, Sendable, Hashable {
    /// The parameters or inputs are wrong; trying again cannot help.
    case input
    /// The task itself failed.
    case task
    /// The worker is at fault or its machine.
    case `internal`
  }

  /// The request's id.
  public var id: String
  /// Whose fault it is.
  public var kind: Kind
  /// What went wrong and how it can be cured.
  public var message: String

  /// Creates a failure.
  ///
  /// - Parameters:
  ///   - id: The request's id.
  ///   - kind: Whose fault it is.
  ///   - message: What went wrong and how it can be cured.
  public init(id: String, kind: Kind, message: String) {
    self.id = id
    self.kind = kind
    self.message = message
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    id = try reader.string("id")
    guard let message = try reader.words("message") else { throw reader.invalid("message", expected: "a string") }
    self.message = message
    guard let kind = Kind(rawValue: try reader.string("kind")) else {
      throw reader.invalid("kind", expected: "\"input\", \"task\" or \"internal\"")
    }
    self.kind = kind
  }

  /// The message.
  public var description: String { message }

  /// The message as JSON.
  public var json: JSONValue {
    ["type": "error", "id": .string(id), "kind": .string(kind.rawValue), "message": .string(message)]
  }
}
