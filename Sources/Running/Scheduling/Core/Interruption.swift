@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Turns Ctrl-C and SIGTERM into steps: the first signal drains, the second terminates, the third kills.
///
/// SIGHUP terminates: when the terminal is gone, nobody is left who could interrupt a second time. It is not heeded where it was ignored
/// at the start, as under `nohup`.
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
  /// - Parameters:
  ///   - signals: The signals that count as one interruption each; SIGINT and SIGTERM if absent.
  ///   - hangUps: The signals that terminate, however often they come; SIGHUP if absent.
  public init(signals: [Int32] = [2, 15], hangUps: [Int32] = [1]) {
    let queue = DispatchQueue(label: "interruption")
    func source(of number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler(handler: handler)
      source.activate()
      return source
    }
    let heeded = hangUps.filter { !Self.isIgnored($0) }
    let sources =
      signals.map { source(of: $0) { [weak self] in self?.raise() } }
      + heeded.map { source(of: $0) { [weak self] in self?.raise(to: .terminate) } }
    state.withLock { $0.sources = sources }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
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
    change { level in level.flatMap { Level(rawValue: $0.rawValue + 1) } ?? (level ?? .drain) }
  }

  /// Goes to a level unless it has been reached already, as a hang-up does.
  ///
  /// - Parameter level: How urgently the run is to end at least.
  public func raise(to level: Level) {
    change { reached in max(reached ?? level, level) }
  }

  private func change(_ next: (Level?) -> Level) {
    let (handler, level) = state.withLock { state in
      let level = next(state.level)
      state.level = level
      return (state.handler, level)
    }
    handler?(level)
  }
}
