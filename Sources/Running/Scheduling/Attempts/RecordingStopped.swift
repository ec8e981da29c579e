/// The book of attempts cannot be kept any more: the disk is full, or the database is out of reach.
///
/// What throws it, or any error of the book but ``RecordingRefused``, ends the run: nothing new starts. What runs may end, since room may
/// be made until then, unless nothing of it could be kept.
public struct RecordingStopped: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and how it can be cured.
  public let description: String
  /// Whether running jobs are ended, because nothing that they make can be kept any more.
  public let endsRunningJobs: Bool

  /// Creates the error.
  ///
  /// - Parameters:
  ///   - description: What is wrong and how it can be cured.
  ///   - endsRunningJobs: Whether running jobs are ended.
  public init(_ description: String, endsRunningJobs: Bool = false) {
    self.description = description
    self.endsRunningJobs = endsRunningJobs
  }
}
