import GRDB
import Glibc
import Synchronization

/// The database file that a writer has open: locked against every other writer, and known again by its inode.
///
/// The lock is on the file itself, so that it holds whatever becomes of the files beside it. SQLite goes on writing to a file that was
/// removed or moved, and would say that everything is stored; for that reason the file is looked at before and after each transaction.
final class DatabaseHold: Sendable {
  private struct Known {
    var size: Int64
    var failure: StoreError?
    var isSettled = false
  }

  private let path: String
  private let descriptor: Int32
  private let known: Mutex<Known>

  /// Locks an existing database.
  ///
  /// - Throws: `StoreError` with code `.busy` if another process writes it.
  init(_ path: String) throws(StoreError) {
    // SQLite's own locks are lost when any descriptor of the file is closed: this one stays until its connections are gone.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("open", path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      throw number == EWOULDBLOCK ? StoreLock.busy(path, owner: "?") : FileSystem.failure("lock", path, number)
    }
    self.path = path
    self.descriptor = descriptor
    known = Mutex(Known(size: FileSystem.size(ofFile: path) ?? 0))
  }

  /// Makes sure that what is written arrives in the file of this name.
  ///
  /// - Throws: `StoreError` with code `.displaced`, from the first time for ever.
  func requireInPlace() throws(StoreError) {
    let failure = known.withLock { known in
      if known.failure == nil { known.failure = Self.change(of: path, descriptor, &known.size) }
      return known.failure
    }
    if let failure { throw failure }
  }

  /// Leaves a file that was moved whole, and no log beside one that has taken its place: SQLite would take it for that one's.
  ///
  /// - Parameter database: The writer's connection.
  func settle(_ database: Database) {
    let isSettled = known.withLock { known in
      defer { known.isSettled = true }
      return known.isSettled
    }
    if !isSettled { _ = try? database.checkpoint(.truncate) }
  }

  /// Lets other writers in; what was about to be written soon may still have the file open.
  func release() { flock(descriptor, LOCK_UN) }

  private static func change(of path: String, _ descriptor: Int32, _ knownSize: inout Int64) -> StoreError? {
    var (named, held) = (stat(), stat())
    guard stat(path, &named) == 0, fstat(descriptor, &held) == 0, named.st_dev == held.st_dev,
      named.st_ino == held.st_ino
    else {
      return displaced(path, "removed, moved or replaced", "put it back or restore it from a backup")
    }
    // It only grows.
    guard held.st_size >= knownSize else { return displaced(path, "cut short", "restore it from a backup") }
    knownSize = Int64(held.st_size)
    return nil
  }

  private static func displaced(_ path: String, _ change: String, _ cure: String) -> StoreError {
    StoreError(
      code: .displaced,
      message: "'\(path)' was \(change) while this program wrote to it, and nothing more can be stored; \(cure), "
        + "and run again",
      path: path)
  }

  deinit {
    // A child between fork and exec holds a copy of the descriptor: closing ours would not free the lock.
    release()
    close(descriptor)
  }
}
