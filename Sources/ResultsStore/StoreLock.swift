import Glibc

/// The right to write: an exclusive lock on a file beside the database, which the kernel frees when the process ends.
final class StoreLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a database.
  ///
  /// - Throws: `StoreError` with code `.busy` and the other process's number if it is taken.
  init(database path: String) throws(StoreError) {
    let file = "\(path).lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileSystem.failure("open", file, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK else { throw FileSystem.failure("lock", file, number) }
      let owner = (FileSystem.text(of: file) ?? "").prefix { $0.isNumber }
      throw StoreError(
        code: .busy,
        message: "'\(path)' is being written by process \(owner.isEmpty ? "?" : String(owner)); "
          + "wait until it ends, or use another results folder",
        path: path)
    }
    do throws(StoreError) {
      guard ftruncate(descriptor, 0) == 0 else { throw FileSystem.failure("write", file, errno) }
      try FileSystem.write(Array("\(getpid())\n".utf8)[...], to: descriptor, path: file)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit {
    // A child between fork and exec holds a copy of the descriptor: closing ours would not free the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
