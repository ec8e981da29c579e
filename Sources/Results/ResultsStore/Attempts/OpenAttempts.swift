import AttemptModel
import Synchronization

/// An attempt that this process has begun and not finished.
final class OpenAttempt: Sendable {
  private struct Progress {
    var isRunning = false
    var isBooked = false
  }

  let start: AttemptStart
  let lease: AttemptPlace
  private let progress = Mutex(Progress())

  init(_ start: AttemptStart, lease: AttemptPlace) {
    self.start = start
    self.lease = lease
  }

  /// Whether an executor has taken it up.
  var isRunning: Bool { progress.withLock { $0.isRunning } }
  /// Whether its row is on the disk.
  var isBooked: Bool { progress.withLock { $0.isBooked } }

  func noteRunning() { progress.withLock { $0.isRunning = true } }
  func noteBooked() { progress.withLock { $0.isBooked = true } }
}

/// The attempts of this process, and the numbers of those to come.
///
/// Only one process writes, so that it can give an attempt its row id before the row is written.
final class OpenAttempts: Sendable {
  private struct State {
    var open: [Int64: OpenAttempt] = [:]
    /// The next row id; nil if the database has to be asked.
    var next: Int64?

    mutating func takeKnown() -> Int64? {
      guard let id = next else { return nil }
      next = id + 1
      return id
    }
  }

  private let state = Mutex(State())

  subscript(id: Int64) -> OpenAttempt? { state.withLock { $0.open[id] } }

  /// Takes the next row id; `highest` asks the database for the highest id ever used, and is called if that is not known.
  func takeID(highest: () throws(StoreError) -> Int64) throws(StoreError) -> Int64 {
    if let id = state.withLock({ $0.takeKnown() }) { return id }
    let highest = try highest()
    return state.withLock { state in
      // Rows of open attempts may still wait to be written.
      if state.next == nil { state.next = max(highest, state.open.keys.max() ?? 0) + 1 }
      return state.takeKnown() ?? highest + 1
    }
  }

  /// Other rows were added: the database has to be asked for the next id.
  func forgetIDs() { state.withLock { $0.next = nil } }

  func add(_ attempt: OpenAttempt) { state.withLock { $0.open[attempt.start.id] = attempt } }

  func remove(_ id: Int64) { state.withLock { $0.open[id] = nil } }
}
