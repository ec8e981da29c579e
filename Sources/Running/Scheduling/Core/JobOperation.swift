import Foundation
import Synchronization

/// One attempt in the queue: an asynchronous operation that occupies no thread while its process works.
final class JobOperation: Operation, @unchecked Sendable {
  private enum Phase { case waiting, executing, finished }

  /// Guarded by its own lock; all other state belongs to `Operation`.
  private let phase = Mutex(Phase.waiting)
  private let body: @Sendable (_ finish: @escaping @Sendable () -> Void) -> Void

  /// Creates an operation whose body returns at once and calls `finish` when the attempt is over.
  init(body: @escaping @Sendable (_ finish: @escaping @Sendable () -> Void) -> Void) {
    self.body = body
  }

  override var isAsynchronous: Bool { true }
  override var isExecuting: Bool { phase.withLock { $0 == .executing } }
  override var isFinished: Bool { phase.withLock { $0 == .finished } }

  override func start() {
    move(to: .executing, key: "isExecuting")
    body { self.finish() }
  }

  private func finish() {
    willChangeValue(forKey: "isExecuting")
    move(to: .finished, key: "isFinished")
    didChangeValue(forKey: "isExecuting")
  }

  /// Without these announcements the operation never leaves the queue.
  private func move(to next: Phase, key: String) {
    willChangeValue(forKey: key)
    phase.withLock { $0 = next }
    didChangeValue(forKey: key)
  }
}
