public import Digest
public import JSON

/// A succeeded attempt with the fingerprint of a job: it may stand for the job if what it depended on is unchanged.
public struct EarlierAttempt: Sendable, Hashable {
  /// Row id.
  public var id: Int64
  /// Names what it depended on besides the fingerprint; `nil` if it was made before inputs were observed.
  public var inputSet: Int64?
  /// Why reads of it may have been missed, see `ObservationGap`; `nil` if it was observed whole.
  public var gap: String?
  /// The seed that it was given.
  public var seed: UInt64?
  /// The contents of the artifacts that it was given; `nil` if it was given none.
  public var consumed: SHA256Digest?
  /// The contents of its own artifacts by name.
  public var contents: [String: SHA256Digest]

  /// Makes a reference to an attempt.
  ///
  /// - Parameters:
  ///   - id: Row id.
  ///   - inputSet: Names what it depended on besides the fingerprint.
  ///   - gap: Why reads of it may have been missed.
  ///   - seed: The seed that it was given; it is not compared if absent.
  ///   - consumed: The contents of the artifacts that it was given.
  ///   - contents: The contents of its own artifacts by name.
  public init(
    id: Int64, inputSet: Int64?, gap: String? = nil, seed: UInt64? = nil, consumed: SHA256Digest? = nil,
    contents: [String: SHA256Digest] = [:]
  ) {
    self.id = id
    self.inputSet = inputSet
    self.gap = gap
    self.seed = seed
    self.consumed = consumed
    self.contents = contents
  }
}

/// What earlier runs have left behind.
public protocol PlanHistory {
  /// Returns the attempts that may stand for a job, the latest first; for timed ones, those that still count.
  ///
  /// - Parameter job: A job of the plan.
  /// - Returns: The attempts.
  func attempts(for job: Job) -> [EarlierAttempt]

  /// Returns what is no longer as it was for an attempt.
  ///
  /// - Parameters:
  ///   - inputSet: Names what the attempt depended on.
  ///   - watched: Position in ``Plan/watchLists`` of what the job is known to depend on now.
  /// - Returns: Labels of files, packages and variables; empty if all is unchanged.
  func changes(since inputSet: Int64, watched: Int32) -> [String]

  /// Returns the fingerprint parts of the last attempt of a stage for a trial.
  ///
  /// - Parameters:
  ///   - stage: The stage's name.
  ///   - assignment: The trial's values in axis order.
  /// - Returns: Digests by part name; `nil` if there was no attempt.
  func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]?
}
