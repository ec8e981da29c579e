import Files

/// A failure to read or write an image file.
public struct PNGError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public enum Code: String, Sendable {
    /// There is no such file.
    case missing
    /// The file exists but may not be read or written.
    case notAccessible
    /// The file does not begin as a PNG file does.
    case notPNG
    /// The file ends before the image does.
    case truncated
    /// The file's content contradicts itself.
    case damaged
    /// A side of the image is longer than `Image.maximumSide`.
    case tooLarge
  }

  /// What failed.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence.
  public var message: String
  /// The file, as the caller named it.
  public var path: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What failed.
  ///   - path: The file, as the caller named it.
  ///   - message: What went wrong and how it can be cured.
  public init(_ code: Code, path: String, message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  init(_ error: FileError) {
    self.init(
      error.operation == .read && error.isMissing ? .missing : .notAccessible, path: error.path,
      message: error.description)
  }

  /// The message, which names the file.
  public var description: String { message }
}
