@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Turns Ctrl-C and SIGTERM into steps: the first signal drains, the second terminates, the third kills.
///
/// Install it before anything else starts; a signal in the first moments may be lost otherwise.
public final class Interruption: Sendable {
  /// How urgently a run is to end.
  public enum Level: Int, Sendable, Hashable, Comparable {
    /// Running jobs end by themselves; nothing new starts.
    case drain = 1
    /// Running jobs are told to end, and killed after a grace period.
    case terminate
    /// Running jobs are killed at once.
    case kill

    /// Orders levels by urgency.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  private struct State {
    var level: Level?
    var handler: (@Sendable (Level) -> Void)?
    var sources: [any DispatchSourceSignal] = []
  }

  private let state = Mutex(State())

  /// Starts to listen.
  ///
  /// - Parameter signals: The signals that count as one interruption each; SIGINT and SIGTERM if absent.
  public init(signals: [Int32] = [2, 15]) {
    let queue = DispatchQueue(label: "interruption")
    let sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { @Sendable [weak self] in self?.raise() }
      source.activate()
      return source
    }
    state.withLock { $0.sources = sources }
  }

  /// The level reached so far.
  public var level: Level? { state.withLock { $0.level } }

  /// Says who acts on interruptions; called at once if there was one already.
  ///
  /// - Parameter handler: Gets each new level, on an arbitrary thread.
  public func onRaise(_ handler: @escaping @Sendable (Level) -> Void) {
    let reached = state.withLock { state in
      state.handler = handler
      return state.level
    }
    if let reached { handler(reached) }
  }

  /// Goes one level further, as a signal does.
  public func raise() {
    let (handler, level) = state.withLock { state in
      let next = state.level.flatMap { Level(rawValue: $0.rawValue + 1) } ?? (state.level ?? .drain)
      state.level = next
      return (state.handler, next)
    }
    handler?(level)
  }
}
