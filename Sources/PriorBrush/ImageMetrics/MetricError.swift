/// A comparison of images, or of sets of them, that has no answer.
public struct MetricError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public enum Code: String, Sendable {
    /// The two images differ in width, height or channels.
    case shapeMismatch
    /// An image is smaller than the window of the metric.
    case tooSmall
    /// A value is NaN or infinite.
    case notFinite
    /// The range of the data is not a positive number.
    case badDataRange
    /// Two sets of vectors have different widths, or values do not fill whole vectors.
    case widthMismatch
    /// A set has fewer images or vectors than the metric needs.
    case tooFew
    /// A set has too few vectors for a covariance of full rank.
    case rankDeficient
    /// Two sets that are compared one by one have different sizes.
    case countMismatch
    /// A parameter of the metric lies outside of its range.
    case badParameter
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
