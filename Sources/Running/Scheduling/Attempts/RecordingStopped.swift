/// The book of attempts cannot be kept any more: the disk is full, or the database is out of reach.
///
/// What throws it, or any error of the book but ``RecordingRefused``, ends the run: nothing new starts, and what runs may end.
public struct RecordingStopped: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and how it can be cured.
  public let description: String

  /// Creates the error.
  public init(_ description: String) { self.description = description }
}
