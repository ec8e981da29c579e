/// The book does not take what an attempt made, such as a folder with a link in it: the job's own failure.
public struct RecordingRefused: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and how it can be cured.
  public let description: String

  /// Creates the error.
  public init(_ description: String) { self.description = description }
}
