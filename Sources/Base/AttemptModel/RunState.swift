/// How a run ended.
public enum RunEnd: String, Sendable, Hashable {
  /// Every job is done or reused.
  case finished
  /// Some job failed.
  case failed
  /// It was stopped before its end.
  case interrupted
}

/// How far a run has come.
public enum RunState: Sendable, Hashable {
  /// Its process is at work.
  case running
  /// It is over.
  case ended(RunEnd)

  /// Reads the name of a state.
  ///
  /// - Parameter name: What ``name`` gives.
  public init?(name: String) {
    if name == Self.running.name {
      self = .running
    } else {
      guard let end = RunEnd(rawValue: name) else { return nil }
      self = .ended(end)
    }
  }

  /// `running`, or how it ended.
  public var name: String {
    switch self {
    case .running: "running"
    case .ended(let end): end.rawValue
    }
  }
}
