/// A line that is not a message of the worker protocol.
public struct WorkerProtocolError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name { case notJSON, unknownType, invalidMember, lineTooLong }
    private var name: Name
    /// The line is not a JSON object.
    public static let notJSON = Code(name: .notJSON)
    /// The object has no `type` or one that the protocol does not know.
    public static let unknownType = Code(name: .unknownType)
    /// A member is missing or has the wrong type or value.
    public static let invalidMember = Code(name: .invalidMember)
    /// The line is longer than the reader accepts.
    public static let lineTooLong = Code(name: .lineTooLong)
  }

  /// What is wrong, for `switch`.
  public var code: Code
  /// What was found and what was expected, one sentence.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - message: One sentence that names the member and the cure.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
