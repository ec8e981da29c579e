/// A stored plan that cannot be used.
public struct PlanError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name { case notJSON, newerFormat, malformed }
    private var name: Name
    /// The text is not JSON.
    public static let notJSON = Code(name: .notJSON)
    /// The plan was written by a newer version.
    public static let newerFormat = Code(name: .newerFormat)
    /// A part is missing or contradicts another one.
    public static let malformed = Code(name: .malformed)
  }

  /// What is wrong, for `switch`.
  public var code: Code
  /// What was found and how it can be cured, as one sentence.
  public var message: String

  /// The message.
  public var description: String { message }
}
