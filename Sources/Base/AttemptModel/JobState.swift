/// How far a job of a run has come, as the database keeps it.
public enum JobState: String, Sendable, Hashable {
  /// It waits for others.
  case planned
  /// It waits for a place.
  case ready
  /// An attempt is under way.
  case running
  /// It has produced its result.
  case done
  /// An earlier attempt stands for it.
  case reused
  /// Its last attempt failed.
  case failed
  /// A job it needs has no result, or it was not selected.
  case skipped

  /// Whether there is a result.
  public var hasResult: Bool { self == .done || self == .reused }

  /// Whether it may still get one in its run.
  public var isOpen: Bool { self == .planned || self == .ready || self == .running }
}
