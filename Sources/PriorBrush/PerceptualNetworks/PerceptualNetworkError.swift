/// A published network that cannot be evaluated, and why.
public struct PerceptualNetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public enum Code: String, Sendable {
    /// No weights were supplied, so the metric has no value.
    case notEvaluated
    /// A file cannot be opened or read.
    case fileAccess
    /// The bytes of a file contradict themselves.
    case malformed
    /// A file asks for more than tensors, such as code to be run.
    case refused
    /// A tensor is not in the file.
    case missingTensor
    /// A tensor has another shape than the network needs.
    case shapeMismatch
    /// A tensor has an element type that cannot be used.
    case unsupportedType
    /// An image or text cannot be given to the network.
    case badInput
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

  /// The value of a metric whose weights nobody has supplied.
  static func notEvaluated(_ metric: String, supply: String) -> PerceptualNetworkError {
    PerceptualNetworkError(.notEvaluated, "not evaluated: \(metric) needs its published weights; supply \(supply)")
  }
}
