import Glibc

/// Paths as texts: the system's are bytes, which need not be UTF-8.
///
/// A byte that is part of no UTF-8 is written as one of the private characters U+EF80 to U+EFFF, by its value. Bytes of files that have these
/// characters in their names are written in the same way, so that every path has one text and every text one path.
public enum SystemPath {
  private static let characters: ClosedRange<UInt32> = 0xEF80...0xEFFF
  /// The first byte of the characters in UTF-8.
  private static let mark: UInt8 = 0xEE

  /// Returns the text of a path.
  ///
  /// - Parameter bytes: A path as the system has it.
  /// - Returns: The path; as it is if it is UTF-8.
  public static func text(of bytes: UnsafeRawBufferPointer) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !hasMark(text) { return text }
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      let scalar = firstScalar(of: rest)
      if let scalar, !characters.contains(scalar.value) {
        text.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        text.append(Unicode.Scalar(0xEF00 + UInt32(first)) ?? "?")
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// Returns the text of a path that ends with a zero byte.
  ///
  /// - Parameter path: A path as the system has it.
  /// - Returns: The path as ``text(of:)`` gives it.
  public static func text(ofCString path: UnsafePointer<CChar>) -> String {
    text(of: UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  /// Gives a path to the system.
  ///
  /// - Parameters:
  ///   - path: A text as ``text(of:)`` gives it.
  ///   - body: Takes the path's bytes, with a zero byte at the end.
  /// - Returns: What `body` returns.
  public static func with<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard hasMark(path) else { return path.withCString(body) }
    var bytes: [CChar] = []
    for scalar in path.unicodeScalars {
      if characters.contains(scalar.value) {
        bytes.append(CChar(truncatingIfNeeded: scalar.value - 0xEF00))
      } else {
        bytes += UTF8.encode(scalar).map { $0.map { CChar(bitPattern: $0) } } ?? []
      }
    }
    return (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? path.withCString(body)
    }
  }

  /// Returns what a symbolic link names.
  ///
  /// - Parameter path: A text as ``text(of:)`` gives it.
  /// - Returns: The path as the link has it; `nil` if there is no link.
  public static func target(ofLink path: String) -> String? {
    let size = Int(PATH_MAX)
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { buffer in
      guard let room = buffer.bindMemory(to: CChar.self).baseAddress else { return nil }
      let count = with(path) { readlink($0, room, size) }
      return count >= 0 ? text(of: UnsafeRawBufferPointer(rebasing: buffer[..<count])) : nil
    }
  }

  /// Returns the inode of whatever stands at a path.
  ///
  /// - Parameters:
  ///   - path: A text as ``text(of:)`` gives it.
  ///   - followsLinks: Whether a symbolic link stands for what it leads to.
  /// - Returns: Its number; `nil` if nothing is there.
  public static func inode(of path: String, followsLinks: Bool) -> UInt64? {
    var status = stat()
    let result = with(path) { fstatat(AT_FDCWD, $0, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) }
    return result == 0 ? UInt64(status.st_ino) : nil
  }

  /// Returns the regular files that a listing of a folder shows.
  ///
  /// - Parameter folder: A text as ``text(of:)`` gives it.
  /// - Returns: Their names, in any order, without those that begin with a dot; none if there is no folder.
  public static func files(in folder: String) -> [String] {
    guard let stream = with(folder, opendir) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { name in
        text(of: UnsafeRawBufferPointer(rebasing: name.prefix { $0 != 0 }))
      }
      guard !name.hasPrefix(".") else { continue }
      var status = stat()
      let isFile = with("\(folder)/\(name)") { lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
      if isFile { names.append(name) }
    }
    return names
  }

  /// Returns a path for people: bytes that are no UTF-8 as in `\\xE9`.
  ///
  /// - Parameter path: A text as ``text(of:)`` gives it.
  /// - Returns: The text.
  public static func shown(_ path: String) -> String {
    guard hasMark(path) else { return path }
    var text = ""
    for scalar in path.unicodeScalars {
      if characters.contains(scalar.value) {
        text += "\\x" + String(scalar.value - 0xEF00, radix: 16, uppercase: true)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func hasMark(_ text: String) -> Bool {
    let found = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, Int32(mark), bytes.count) != nil } ?? false
    }
    return found ?? text.utf8.contains(mark)
  }

  private static func firstScalar(of bytes: UnsafeRawBufferPointer.SubSequence) -> Unicode.Scalar? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return scalar
  }
}
