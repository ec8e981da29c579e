import Files

/// A failure of reading or writing the files of a network.
public struct NeuralNetworkError: Error, Sendable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name, such as `weights.malformed`.
    public let description: String

    /// The file cannot be opened, read or written.
    public static let fileAccess = Code(description: "weights.file-access")
    /// The bytes are not a safetensors file.
    public static let malformed = Code(description: "weights.malformed")
    /// A tensor is not in the file.
    public static let missingTensor = Code(description: "weights.missing-tensor")
    /// A tensor has another shape than the network needs.
    public static let shapeMismatch = Code(description: "weights.shape-mismatch")
    /// A tensor has an element type that cannot be used for this.
    public static let unsupportedType = Code(description: "weights.unsupported-type")
  }

  /// What failed.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence.
  public var message: String
  /// The file, as the caller wrote it.
  public var path: String

  /// Creates an error.
  public init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  init(_ error: FileError) {
    let cure =
      error.operation == .read ? "check the path and its permissions" : "free disk space or choose another folder"
    self.init(
      .fileAccess, path: error.path,
      "the file cannot be \(error.operation == .read ? "read" : "written") (\(error.reason)); \(cure)")
  }

  /// One line: file, message and code.
  public var description: String { "\(path): \(message) [\(code)]" }
}
