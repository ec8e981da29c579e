/// How far an attempt has come.
public enum AttemptState: Sendable, Hashable {
  /// It has its places and has not been taken up yet.
  case leased
  /// It is under way.
  case running
  /// It is over.
  case ended(ExitKind)

  /// Reads the name of a state.
  ///
  /// - Parameter name: What ``name`` gives.
  public init?(name: String) {
    switch name {
    case "leased": self = .leased
    case "running": self = .running
    default:
      guard let kind = ExitKind(rawValue: name) else { return nil }
      self = .ended(kind)
    }
  }

  /// `leased`, `running`, or how it ended.
  public var name: String {
    switch self {
    case .leased: "leased"
    case .running: "running"
    case .ended(let kind): kind.rawValue
    }
  }

  /// How it ended; nil while it is under way.
  public var exitKind: ExitKind? {
    if case .ended(let kind) = self { return kind }
    return nil
  }
}
