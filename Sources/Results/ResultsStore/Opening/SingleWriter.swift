import Dispatch
import GRDB
import Glibc
import Synchronization

/// The one place that writes: everything that waits is committed in one durable transaction, in order of arrival.
///
/// A record that breaks a rule fails alone; a failure of the disk fails the whole transaction. So that one can fail alone, a body may be
/// called a second time after its effects were rolled back. Callers learn the outcome after the commit has reached the disk.
final class SingleWriter: Sendable {
  private struct Work: Sendable {
    var run: @Sendable (Database) throws -> Void
    var finish: @Sendable ((any Error)?) -> Void
  }

  private struct Queue {
    var waiting: [Work] = []
    /// Written with whatever is committed next, by the attempt that it is about.
    var deferred: [Int64: Work] = [:]
    var isTimerSet = false
    var isDraining = false
  }

  /// How long a deferred write waits for another one, milliseconds.
  static let patience = 200
  /// While others come, a commit waits this long for more of them, microseconds.
  private static let gathering: UInt32 = 2000
  /// A transaction that has taken this long is committed, however many wait, nanoseconds: nobody shall wait for all others.
  private static let longestTransaction: UInt64 = 10_000_000

  private let pool: DatabasePool
  private let path: String
  private let hold: DatabaseHold?
  private let queue = Mutex(Queue())

  init(pool: DatabasePool, path: String, hold: DatabaseHold?) {
    self.pool = pool
    self.path = path
    self.hold = hold
  }

  /// Writes and suspends until the transaction is on the disk; what waits to be written of the superseded attempt is dropped.
  func perform<Value: Sendable>(
    superseding attempt: Int64? = nil, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let outcome = Outcome<Value>()
    let failure: StoreError? = await withCheckedContinuation { continuation in
      submit(body, superseding: attempt, into: outcome) { continuation.resume(returning: $0) }
    }
    return try outcome.value(or: failure, path: path)
  }

  /// Writes and blocks until the transaction is on the disk.
  func performBlocking<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    let outcome = Outcome<Value>()
    let failure = Outcome<StoreError>()
    let done = DispatchSemaphore(value: 0)
    submit(body, into: outcome) { error in
      failure.store(error)
      done.signal()
    }
    done.wait()
    return try outcome.value(or: failure.stored, path: path)
  }

  /// Writes with the next transaction, or after ``patience`` if there is none; replaces what waits about the same attempt.
  ///
  /// - Parameters:
  ///   - attempt: Row id of the attempt that it is about.
  ///   - body: What is written; a failure is of no consequence.
  ///   - onCommit: Called when it is on the disk.
  func performSoon(
    about attempt: Int64, _ body: @escaping @Sendable (Database) throws -> Void,
    onCommit: @escaping @Sendable () -> Void
  ) {
    let mustSetTimer = queue.withLock { queue in
      queue.deferred[attempt] = Work(run: body, finish: { error in if error == nil { onCommit() } })
      defer { queue.isTimerSet = true }
      return !queue.isTimerSet
    }
    guard mustSetTimer else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Self.patience)) { [weak self] in
      self?.flushDeferred()
    }
  }

  private func flushDeferred() {
    let mustStart = queue.withLock { queue in
      queue.isTimerSet = false
      guard !queue.deferred.isEmpty, !queue.isDraining else { return false }
      queue.isDraining = true
      return true
    }
    if mustStart { pool.asyncWriteWithoutTransaction { self.drain($0) } }
  }

  private func submit<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value, superseding attempt: Int64? = nil,
    into outcome: Outcome<Value>, finish: @escaping @Sendable (StoreError?) -> Void
  ) {
    let path = path
    let work = Work(
      run: { database in outcome.store(try body(database)) },
      finish: { error in finish(error.map { StoreError($0, path: path) }) })
    let mustStart = queue.withLock { queue in
      if let attempt { queue.deferred[attempt] = nil }
      queue.waiting.append(work)
      defer { queue.isDraining = true }
      return !queue.isDraining
    }
    if mustStart { pool.asyncWriteWithoutTransaction { self.drain($0) } }
  }

  /// Brings everything that was committed into a database that was moved.
  func settleDisplaced() {
    guard let hold else { return }
    pool.unsafeReentrantWrite { hold.settle($0) }
  }

  private func drain(_ database: Database) {
    var pending: [Work] = []
    while true {
      pending += queue.withLock { queue in
        let batch = queue.deferred.sorted { $0.key < $1.key }.map(\.value) + queue.waiting
        queue.deferred = [:]
        queue.waiting = []
        queue.isDraining = !(batch.isEmpty && pending.isEmpty)
        return batch
      }
      if pending.isEmpty { return }
      let failures = commitInPlace(pending, in: database)
      for (work, failure) in zip(pending, failures) { work.finish(failure) }
      pending.removeFirst(failures.count)
      // What came in while the disk was busy will not be the last.
      if pending.isEmpty, queue.withLock({ !$0.waiting.isEmpty }) { usleep(Self.gathering) }
    }
  }

  /// Commits the first of the works; all fail if the database is no longer the file that was opened.
  private func commitInPlace(_ works: [Work], in database: Database) -> [(any Error)?] {
    do {
      try hold?.requireInPlace()
      let failures = commit(works, in: database)
      try hold?.requireInPlace()
      return failures
    } catch {
      hold?.settle(database)
      return works.map { _ in error }
    }
  }

  /// Commits the first of the works, as many as fit into a transaction.
  ///
  /// - Returns: Their failures.
  private func commit(_ works: [Work], in database: Database) -> [(any Error)?] {
    var count = 0
    do {
      try database.inTransaction(.immediate) {
        let start = DispatchTime.now().uptimeNanoseconds
        for work in works {
          count += 1
          try work.run(database)
          if DispatchTime.now().uptimeNanoseconds - start > Self.longestTransaction { break }
        }
        return .commit
      }
      return Array(repeating: nil, count: count)
    } catch {
      return count == 1 ? [error] : commitApart(Array(works[..<count]), in: database)
    }
  }

  /// Commits what can be committed: each record has a savepoint, which costs as much as a small record itself.
  private func commitApart(_ batch: [Work], in database: Database) -> [(any Error)?] {
    var failures: [(any Error)?] = []
    do {
      try database.inTransaction(.immediate) {
        for work in batch {
          do {
            try database.inSavepoint {
              try work.run(database)
              return .commit
            }
            failures.append(nil)
          } catch {
            guard database.isInsideTransaction else { throw error }
            failures.append(error)
          }
        }
        return .commit
      }
      return failures
    } catch {
      return batch.map { _ in error }
    }
  }
}

/// A value handed from the writer's thread to the caller's.
private final class Outcome<Value: Sendable>: Sendable {
  private let content = Mutex<Value?>(nil)

  func store(_ value: Value?) {
    content.withLock { $0 = value }
  }

  var stored: Value? { content.withLock { $0 } }

  func value(or failure: StoreError?, path: String) throws(StoreError) -> Value {
    if let failure { throw failure }
    guard let value = stored else {
      throw StoreError(code: .other, message: "'\(path)' gave no answer to a write", path: path)
    }
    return value
  }
}
