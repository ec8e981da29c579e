import Glibc

/// The right to make or open a database for writing: an exclusive lock on a file beside it, which the kernel frees when the process ends.
///
/// The file holds the number of the process, and is there before the database, which has a lock of its own (``DatabaseHold``). Anything
/// else of that name is left as it is: a link, or a file with another content.
final class StoreLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a database.
  ///
  /// - Throws: `StoreError` with code `.busy` and the other process's number if it is taken.
  init(database path: String) throws(StoreError) {
    let file = "\(path).lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw errno == ELOOP || errno == ENXIO ? Self.stranger(file) : FileSystem.failure("open", file, errno)
    }
    guard Self.isLockFile(descriptor) else {
      close(descriptor)
      throw Self.stranger(file)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      let content = FileSystem.contents(ofDescriptor: descriptor) ?? []
      close(descriptor)
      guard number == EWOULDBLOCK else { throw FileSystem.failure("lock", file, number) }
      let owner = String(decoding: content, as: UTF8.self).prefix { $0.isNumber }
      throw Self.busy(path, owner: owner.isEmpty ? "?" : String(owner))
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

  /// Whether a file is empty or holds a number only, and has no second name.
  private static func isLockFile(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
      status.st_size <= 16
    else { return false }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count >= 0 && bytes[..<count].allSatisfy { (0x30...0x39).contains($0) || $0 == 0x0A }
  }

  /// The error of a database that another process writes.
  static func busy(_ path: String, owner: String) -> StoreError {
    StoreError(
      code: .busy,
      message: "'\(path)' is being written by process \(owner); wait until it ends, or use another results folder",
      path: path)
  }

  private static func stranger(_ file: String) -> StoreError {
    StoreError(
      code: .notWritable, message: "'\(file)' is a link, or was not made by this program; move it away", path: file)
  }

  deinit {
    // A child between fork and exec holds a copy of the descriptor: closing ours would not free the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
