import Glibc

/// Files as a whole: read at once, and replaced so that a reader sees the old content or the new one, never a part.
public enum WholeFile {
  /// Reads a regular file; symbolic links to one are followed.
  ///
  /// This is the one way in which content of files gets into a program: a pipe or a device would keep it waiting, or never end.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes that a file of this kind may have.
  /// - Returns: Its content.
  /// - Throws: `FileError`; no more than `limit` bytes have been read then.
  public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    func failure(_ cause: FileError.Cause) -> FileError { FileError(operation: .read, path: path, cause: cause) }
    // The system would take a path up to its first NUL for another file.
    guard !path.utf8.contains(0) else { throw failure(.system(ENOENT)) }
    // Looked at before it is opened: opening a device may already do something.
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(.system(errno)) }
    guard FileKind(mode: status.st_mode) == .regular else {
      throw failure(.notRegular(FileKind(mode: status.st_mode)))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(.system(errno)) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw failure(.system(errno)) }
    guard FileKind(mode: status.st_mode) == .regular else {
      throw failure(.notRegular(FileKind(mode: status.st_mode)))
    }
    guard Int(status.st_size) <= limit else { throw failure(.tooLarge(limit: limit)) }
    // One byte more than the file has, so that a single call also sees the end.
    var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size), min(limit, 4095)) + 1)
    var filled = 0
    while true {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(.system(errno))
      }
      if count == 0 { break }
      filled += count
      // A file may grow while it is read, and those of /proc do not say how large they are.
      guard filled <= limit else { throw failure(.tooLarge(limit: limit)) }
      if filled == bytes.count { bytes += [UInt8](repeating: 0, count: min(bytes.count, limit - filled + 1)) }
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
    guard descriptor >= 0 else { throw FileError(operation: .write, path: path, cause: .system(errno)) }
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
      throw FileError(operation: .write, path: path, cause: .system(code))
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
