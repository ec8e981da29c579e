import Glibc

/// The few file operations of the store, with errors that name the file.
enum FileSystem {
  /// Makes a folder and its parents; existing ones are kept.
  static func makeFolder(_ path: String) throws(StoreError) {
    if mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST:
      guard isFolder(path) else { throw failure("make the folder", path, ENOTDIR) }
    case ENOENT:
      let parent = folder(of: path)
      guard parent != path else { throw failure("make the folder", path, ENOENT) }
      try makeFolder(parent)
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make the folder", path, errno) }
    default:
      throw failure("make the folder", path, errno)
    }
  }

  /// Permissions that files and folders of this process do not have, as `umask` says; read without changing it.
  static let withheldPermissions: mode_t = {
    let field = text(of: "/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("Umask:") }
    let digits = field?.drop { !$0.isNumber } ?? ""
    return mode_t(digits, radix: 8) ?? 0o077
  }()

  /// The folder that holds a path, "." for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Size of a regular file, links followed; nil if there is none.
  static func size(ofFile path: String) -> Int64? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(status.st_size)
  }

  /// The absolute path without links, "." and ".."; nil if there is nothing at the path.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether a resolved path lies below a resolved folder.
  static func isPath(_ path: String, inside folder: String) -> Bool {
    path.utf8.starts(with: "\(folder)/".utf8)
  }

  /// Whether there is anything at a path, be it a link to nothing.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Removes a file, or a folder and everything below it, piece by piece; what cannot be removed stays.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    // A job may have made its folder read-only.
    if status.st_mode & 0o700 != 0o700 { chmod(path, 0o700) }
    for name in entries(of: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  static func rename(_ source: String, to destination: String) throws(StoreError) {
    guard Glibc.rename(source, destination) == 0 else {
      throw failure("rename to '\(destination)' the file", source, errno)
    }
  }

  /// Makes a file that nobody else has, links included; the caller closes it.
  static func create(_ path: String, mode: mode_t = 0o644) throws(StoreError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write", path, errno) }
    return descriptor
  }

  /// Whether a new file beside a path cannot be written for want of room.
  static func isFull(beside path: String) -> Bool {
    let file = "\(path).\(getpid())-room.tmp"
    unlink(file)
    do {
      let descriptor = try create(file)
      defer {
        close(descriptor)
        unlink(file)
      }
      try write([UInt8](repeating: 0, count: 4096)[...], to: descriptor, path: file)
      return fsync(descriptor) != 0 && (errno == ENOSPC || errno == EDQUOT)
    } catch {
      return error.code == .diskFull
    }
  }

  /// Replaces a file's content so that after a crash it is either the old or the new one.
  static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    let descriptor = try create(temporary)
    do {
      defer { close(descriptor) }
      try write(bytes[...], to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else { throw failure("write", temporary, errno) }
    }
    try rename(temporary, to: path)
    try synchronize(folder(of: path))
  }

  /// Reads a regular file of at most so many bytes.
  ///
  /// - Returns: Its bytes; nil if there is nothing at the path.
  /// - Throws: `StoreError` if it is anything else, too large, or cannot be read.
  static func contents(ofFile path: String, limit: Int64) throws(StoreError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read", path, errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(code: .other, message: "'\(path)' is not a file", path: path)
    }
    guard status.st_size <= limit else {
      throw StoreError(code: .other, message: "'\(path)' has more than \(limit) bytes", path: path)
    }
    guard let bytes = contents(ofDescriptor: descriptor) else { throw failure("read", path, errno) }
    return bytes
  }

  /// Reads a whole file, also one of /proc whose size is unknown; nil if that fails.
  static func contents(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return contents(ofDescriptor: descriptor)
  }

  /// Reads a descriptor to its end; nil if that fails.
  static func contents(ofDescriptor descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Reads a text file; nil if that fails.
  static func text(of path: String) -> String? {
    contents(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Names of the entries of a folder, sorted; empty if there is none.
  static func entries(of path: String) -> [String] {
    var names: [String] = []
    forEachEntry(of: path) { name in
      names.append(name)
      return true
    }
    return names.sorted()
  }

  /// Whether a folder has no entries but those of no account; false if there is no folder.
  static func isEmptyFolder(_ path: String, except isOfNoAccount: (String) -> Bool = { _ in false }) -> Bool {
    var holdsMore = false
    let isFolder = forEachEntry(of: path) { name in
      holdsMore = !isOfNoAccount(name)
      return !holdsMore
    }
    return isFolder && !holdsMore
  }

  /// Calls the body with each name until it returns false; returns false if there is no folder.
  @discardableResult
  private static func forEachEntry(of path: String, _ body: (String) -> Bool) -> Bool {
    guard let stream = opendir(path) else { return false }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != "..", !body(name) { break }
    }
    return true
  }

  /// Writes all bytes, however few the system takes at a time.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(StoreError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write", path, errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether files of this process may not grow beyond a size.
  static var boundsFiles: Bool {
    var limits = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 && limits.rlim_cur < rlim_t(Int64.max)
  }

  static func failure(_ action: String, _ path: String, _ number: Int32) -> StoreError {
    let code: StoreError.Code = number == ENOSPC || number == EDQUOT ? .diskFull : .notWritable
    let cure =
      switch number {
      case ENOSPC, EDQUOT: "free some room on its disk"
      case ENOENT: "check that it exists"
      case ENOTDIR: "a file is in the way; move it"
      case EFBIG: "raise the limit on the size of files (ulimit -f)"
      case EMFILE, ENFILE: "raise the limit on open files (ulimit -n)"
      default: "check its permissions and its disk"
      }
    let text = String(cString: strerror(number))
    return StoreError(code: code, message: "cannot \(action) '\(path)' (\(text)); \(cure)", path: path)
  }
}
