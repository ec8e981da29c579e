public import JSON

/// How far a task has come.
public struct TaskProgress: Sendable, Hashable {
  /// The request's id.
  public var id: String
  /// Units done.
  public var done: Int
  /// Units in all, if known.
  public var total: Int?
  /// What is going on, in the worker's words, such as "loss 0.081, 210 images/s".
  public var message: String?
  /// The worker's own estimate of the time left, in seconds.
  public var remainingSeconds: Double?

  /// Creates a progress message.
  ///
  /// - Parameters:
  ///   - id: The request's id.
  ///   - done: Units done.
  ///   - total: Units in all, if known.
  ///   - message: What is going on.
  ///   - remainingSeconds: Estimate of the time left.
  public init(id: String, done: Int, total: Int? = nil, message: String? = nil, remainingSeconds: Double? = nil) {
    self.id = id
    self.done = done
    self.total = total
    self.message = message
    self.remainingSeconds = remainingSeconds
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    id = try reader.string("id")
    done = try reader.integer("done")
    total = try reader.optionalInteger("total")
    message = try reader.optionalString("message")
    remainingSeconds = try reader.optionalReal("remainingSeconds")
  }

  /// The message as JSON.
  public var json: JSONValue {
    var value: JSONValue = ["type": "progress", "id": .string(id), "done": .integer(Int64(done))]
    value["total"] = total.map { .integer(Int64($0)) }
    value["message"] = message.map { .string($0) }
    value["remainingSeconds"] = remainingSeconds.map { .real($0) }
    return value
  }
}
