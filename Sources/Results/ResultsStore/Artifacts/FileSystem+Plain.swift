import Glibc

/// Files as they are, without following links: for folders that somebody else has filled.
extension FileSystem {
  /// What a path itself is.
  enum Kind {
    case file, folder
    /// A symbolic link, a pipe, a socket or a device.
    case other
  }

  /// What is at a path, the last part of which is not followed if it is a link; nil if there is nothing.
  static func kind(of path: String) -> Kind? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// Whether the owner of a file may run it.
  static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IXUSR != 0
  }

  /// The folders that hold a path, the nearest last; without the root.
  static func folders(above path: String) -> [String] {
    path.indices.filter { path[$0] == "/" && $0 > path.startIndex }.map { String(path[..<$0]) }
  }

  /// Copies a regular file to a new one, which is executable if it is; holes stay holes, so that a file takes no more room than it did.
  ///
  /// - Throws: `StoreError` if the source is a link or no file, or there is something at the destination.
  static func copy(_ source: String, to destination: String) throws(StoreError) {
    let input = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard input >= 0 else { throw failure("read", source, errno) }
    defer { close(input) }
    var status = stat()
    guard fstat(input, &status) == 0 else { throw failure("read", source, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("read", source, EINVAL) }
    let output = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw failure("write", destination, errno) }
    defer { close(output) }
    let size = status.st_size
    var buffer = [UInt8](repeating: 0, count: max(1, min(1 << 18, Int(size))))
    var offset: off_t = 0
    while let data = nextData(of: input, from: offset, size: size) {
      guard lseek(output, data.lowerBound, SEEK_SET) >= 0 else { throw failure("write", destination, errno) }
      offset = data.lowerBound
      while offset < data.upperBound {
        let count = pread(input, &buffer, min(buffer.count, Int(data.upperBound - offset)), offset)
        if count < 0 {
          if errno == EINTR { continue }
          throw failure("read", source, errno)
        }
        // Cut while it was read.
        guard count > 0 else { throw failure("read", source, EIO) }
        try write(buffer[..<count], to: output, path: destination)
        offset += off_t(count)
      }
    }
    guard ftruncate(output, size) == 0 else { throw failure("write", destination, errno) }
    if status.st_mode & S_IXUSR != 0 { fchmod(output, 0o755) }
  }

  /// The next stretch of a file that is not a hole; nil if there is none.
  private static func nextData(of descriptor: Int32, from offset: off_t, size: off_t) -> Range<off_t>? {
    // Linux's numbers of SEEK_DATA and SEEK_HOLE, which the module does not show.
    let (seekData, seekHole): (Int32, Int32) = (3, 4)
    guard offset < size else { return nil }
    let start = lseek(descriptor, offset, seekData)
    if start < 0 { return errno == ENXIO ? nil : offset..<size }
    let end = lseek(descriptor, start, seekHole)
    guard start < size else { return nil }
    return start..<(end > start ? min(end, size) : size)
  }
}
