import Digest
import Glibc

/// Compiled Python modules, which stand for their sources.
///
/// - Source: PEP 3147 (names) and PEP 552 (the header of sixteen bytes: magic, flags, time and size of the source).
enum Bytecode {
  /// Returns the source behind a compiled module: `pkg/x.py` for `pkg/__pycache__/x.cpython-311.pyc`; `nil` for other files.
  static func source(of path: String) -> String? {
    guard path.hasSuffix(".pyc"), let slash = path.lastIndex(of: "/") else { return nil }
    let folder = path[..<slash]
    guard folder.hasSuffix("/__pycache__") else { return nil }
    let stem = path[path.index(after: slash)...].prefix { $0 != "." }
    return "\(folder.dropLast("/__pycache__".count))/\(stem).py"
  }

  /// Returns the version of the source that a compiled module was made of when it was read.
  ///
  /// - Returns: The present version if it is that; a version that no file has if it is not; `nil` if there is no source.
  static func sourceStamp(ofBytecode path: String, version: FileStamp, source: String) -> FileStamp? {
    guard let now = FileStamp(ofFile: source) else { return nil }
    let another = FileStamp(inode: 0, size: -1, modified: 0, changed: 0)
    guard FileStamp(ofFile: path)?.hasContent(of: version) == true, let header = header(of: path) else {
      return another
    }
    // A module that is checked by the source's digest has flags, and none of the times.
    guard header.flags == 0 else { return now }
    let isSame =
      header.seconds == UInt32(truncatingIfNeeded: now.modified / 1_000_000_000)
      && header.size == UInt32(truncatingIfNeeded: now.size)
    return isSame ? now : another
  }

  private static func header(of path: String) -> (flags: UInt32, seconds: UInt32, size: UInt32)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16)
    guard read(descriptor, &bytes, 16) == 16 else { return nil }
    func number(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }
    return (number(4), number(8), number(12))
  }
}
