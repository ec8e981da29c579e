/// How an attempt ended.
public enum ExitKind: String, Sendable, Hashable {
  /// It produced its result.
  case succeeded
  /// It reported an error, exited with a code other than 0, or its result was unusable.
  case failed
  /// It was killed because its time limit had passed.
  case timedOut = "timed-out"
  /// It died of a signal that the orchestrator did not send.
  case signalled
  /// It was killed for want of memory.
  case memory
  /// The user stopped it.
  case cancelled
  /// The process that owned it died.
  case lost
}
