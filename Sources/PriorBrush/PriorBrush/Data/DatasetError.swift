/// A failure to build, read or write a captioned data set.
public struct DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public enum Code: String, Sendable {
    /// A file that the data set is made from is not installed.
    case missingSource
    /// A file or folder of the data set does not exist.
    case missing
    /// A file or folder may not be read or written.
    case notAccessible
    /// A font contradicts itself or ends early.
    case malformedFont
    /// A line or file of JSON cannot be understood.
    case malformedJSON
    /// A line of plain text cannot be understood.
    case malformedText
    /// A binary file is cut off or holds an impossible value.
    case malformedRecord
    /// A caption names an image that is not there.
    case captionWithoutImage
    /// An image is named by no caption.
    case imageWithoutCaption
    /// An image cannot be used: damaged, truncated or not square.
    case unusableImage
    /// The content of a folder is not what its `dataset.json` says.
    case changedContent
    /// There is nothing to learn from.
    case empty
  }

  /// What failed.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence that names file and line.
  public var message: String
  /// The file concerned.
  public var path: String
  /// The line of the file, from 1, where there is one.
  public var line: Int?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What failed.
  ///   - path: The file concerned.
  ///   - line: The line of the file, from 1.
  ///   - message: What went wrong and how it can be cured.
  public init(_ code: Code, path: String, line: Int? = nil, message: String) {
    self.code = code
    self.path = path
    self.line = line
    self.message = message
  }

  /// The message, which names file and line.
  public var description: String { message }
}
