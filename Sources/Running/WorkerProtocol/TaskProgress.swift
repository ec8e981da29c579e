public import JSON

/// How far a task has come, in numbers that one can reckon with whatever the worker said.
public struct TaskProgress: Sendable, Hashable {
  /// Greatest number of units and seconds; larger ones become this one.
  static let bound = 1e15

  /// The request's id.
  public let id: String
  /// Units done, from 0 to 10^15.
  public let done: Int
  /// Units in all, from 0 to 10^15, if known.
  public let total: Int?
  /// What is going on, in the worker's words, such as "loss 0.081, 210 images/s".
  public let message: String?
  /// The worker's own estimate of the time left, in seconds from 0 to 10^15.
  public let remainingSeconds: Double?

  /// Creates a progress message.
  ///
  /// - Parameters:
  ///   - id: The request's id.
  ///   - done: Units done; what is out of bounds becomes the nearest bound, here and in the other numbers.
  ///   - total: Units in all, if known.
  ///   - message: What is going on.
  ///   - remainingSeconds: Estimate of the time left; left out if it is not a number.
  public init(id: String, done: Int, total: Int? = nil, message: String? = nil, remainingSeconds: Double? = nil) {
    let bound = Int(Self.bound)
    self.id = id
    self.done = min(max(done, 0), bound)
    self.total = total.map { min(max($0, 0), bound) }
    self.message = message
    // What is not a number is no estimate.
    self.remainingSeconds = remainingSeconds.flatMap { $0.isNaN ? nil : min(max($0, 0), Self.bound) }
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    guard let done = try reader.amount("done") else { throw reader.invalid("done", expected: "an integer") }
    self.init(
      id: try reader.string("id"), done: done, total: try reader.amount("total"),
      message: try reader.words("message"), remainingSeconds: try reader.optionalReal("remainingSeconds"))
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
