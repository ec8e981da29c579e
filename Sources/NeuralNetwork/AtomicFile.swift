import Glibc

/// Files as a whole: read at once, and replaced so that a reader sees the old or the new contents, never a part.
enum AtomicFile {
  /// Returns the bytes of a file.
  static func read(_ path: String) throws(NeuralNetworkError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw failure(path, "cannot be opened", "check the path and its permissions") }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw failure(path, "cannot be examined", "check the path") }
    if status.st_mode & S_IFMT != S_IFREG {
      throw NeuralNetworkError(.fileAccess, path: path, "is not a regular file; name a weights file")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw failure(path, "cannot be read to its end", "check the disk and try again") }
      filled += count
    }
    return bytes
  }

  /// Writes beside the file, flushes to the disk, and then takes the file's name.
  static func write(_ path: String, _ bytes: [UInt8]) throws(NeuralNetworkError) {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      throw failure(temporary, "cannot be created", "check that the folder exists and may be written to")
    }
    var written = 0
    var failed = false
    while written < bytes.count, !failed {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      failed = count <= 0
      written += Swift.max(count, 0)
    }
    if !failed { failed = fsync(descriptor) != 0 }
    let cause = errno
    failed = close(descriptor) != 0 || failed
    if failed || rename(temporary, path) != 0 {
      if failed { errno = cause }
      let error = failure(path, "cannot be written", "free disk space or choose another folder")
      unlink(temporary)
      throw error
    }
    flushFolder(of: path)
  }

  private static func flushFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { path[..<path.index(after: $0)] } ?? "."
    let descriptor = open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ path: String, _ what: String, _ cure: String) -> NeuralNetworkError {
    NeuralNetworkError(.fileAccess, path: path, "\(what) (\(String(cString: strerror(errno)))); \(cure)")
  }
}
