/// Why reads of an attempt may have been missed, as the database keeps it.
public enum ObservationGap {
  /// The experiment, the stage or the worker has `"observe": false`.
  public static let wish = "the spec says so"
  /// Timed attempts are not observed.
  public static let timed = "it is timed"
  /// The library is missing or cannot be loaded.
  public static let missing = "the observer cannot be loaded"
  /// The worker's process was started without the observer.
  public static let worker = "its worker is not observed"
  /// The log is full.
  static let overflow = "it opened more files than can be noted"

  /// A program into which no library can be loaded.
  static func unobservable(_ program: String) -> String {
    "\(program) is statically linked, or refuses to be observed"
  }

  /// Whether an attempt would be observed if it was made now, for all that its gap tells.
  ///
  /// - Parameter gap: The gap of an earlier attempt.
  /// - Returns: Whether only a wish was in the way.
  public static func isAvoidable(_ gap: String) -> Bool { gap == wish || gap == worker }
}
