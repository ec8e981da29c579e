/// A failure of training or sampling.
public struct PriorBrushError: Error, Sendable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public struct Code: Hashable, Sendable {
    private let name: String
    /// A parameter is missing, mistyped or out of range.
    public static let invalidParameter = Code(name: "invalid parameter")
    /// A model file lacks something or belongs to another architecture.
    public static let invalidModel = Code(name: "invalid model")
    /// The numbers of a training stopped being finite.
    public static let diverged = Code(name: "diverged")
  }

  /// What failed.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What failed.
  ///   - message: What went wrong and how it can be cured.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
