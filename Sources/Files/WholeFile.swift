import Glibc

/// A file that could not be read or written.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was attempted.
  public enum Operation: String, Sendable {
    /// Reading the content.
    case read
    /// Replacing the content.
    case write
  }

  /// What was attempted.
  public let operation: Operation
  /// The file, as the caller wrote it.
  public let path: String
  /// The system's error number.
  public let code: Int32

  /// Whether there is no such file or folder.
  public var isMissing: Bool { code == ENOENT }

  /// The system's words for the error number.
  public var reason: String { String(cString: strerror(code)) }

  /// One sentence with the file, the cause and the cure.
  public var description: String {
    switch operation {
    case .read where isMissing: "there is no file \(path); check the path"
    case .read: "cannot read \(path): \(reason); check that it is a file and that you may read it"
    case .write:
      "cannot write \(path): \(reason); check that the folder exists, that you may write there and that the disk has room"
    }
  }
}

/// Files as a whole: read at once, and replaced so that a reader sees the old content or the new one, never a part.
public enum WholeFile {
  /// Reads a file, pipes and devices included.
  ///
  /// - Parameter path: The file.
  /// - Returns: Its content.
  /// - Throws: `FileError`.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(operation: .read, path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(operation: .read, path: path, code: errno) }
    // One byte more than the file has, so that a single call also sees the end.
    var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size), 4095) + 1)
    var filled = 0
    while true {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(operation: .read, path: path, code: errno)
      }
      if count == 0 { break }
      filled += count
      if filled == bytes.count { bytes += [UInt8](repeating: 0, count: bytes.count) }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Writes beside the file, flushes to the disk, takes the file's name and flushes the folder.
  ///
  /// - Parameters:
  ///   - path: The file; its folder must exist.
  ///   - bytes: The new content.
  /// - Throws: `FileError`; the old content is then untouched and nothing is left beside it.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(operation: .write, path: path, code: errno) }
    var code: Int32 = 0
    var written = 0
    while written < bytes.count, code == 0 {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count >= 0 { written += count } else if errno != EINTR { code = errno }
    }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw FileError(operation: .write, path: path, code: code)
    }
    flushFolder(of: path)
  }

  private static func flushFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
