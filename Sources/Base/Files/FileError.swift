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

  /// What kept it from being done.
  public enum Cause: Sendable, Hashable {
    /// The system refused, with its error number.
    case system(Int32)
    /// There is something else in the file's place.
    case notRegular(FileKind)
    /// The file has more bytes than this.
    case tooLarge(limit: Int)
  }

  /// What was attempted.
  public let operation: Operation
  /// The file, as the caller wrote it.
  public let path: String
  /// What kept it from being done.
  public let cause: Cause

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - operation: What was attempted.
  ///   - path: The file, as the caller wrote it.
  ///   - cause: What kept it from being done.
  public init(operation: Operation, path: String, cause: Cause) {
    self.operation = operation
    self.path = path
    self.cause = cause
  }

  /// Whether there is no such file or folder.
  public var isMissing: Bool { cause == .system(ENOENT) }

  /// The cause in a few words, as what is said of the file.
  public var reason: String {
    switch cause {
    case .system(let code): String(cString: strerror(code))
    case .notRegular(let kind): "it is \(kind.rawValue), not a regular file"
    case .tooLarge(let limit): "it is larger than \(Self.text(ofBytes: limit))"
    }
  }

  /// One sentence with the file, the cause and the cure.
  public var description: String {
    switch (operation, cause) {
    case (.read, .system(ENOENT)): "there is no file \(path); check the path"
    case (.read, .system): "cannot read \(path): \(reason); check that you may read it"
    case (.read, .notRegular): "cannot read \(path): \(reason); name a file"
    case (.read, .tooLarge): "cannot read \(path): \(reason), more than such a file may have; check the path"
    case (.write, _):
      "cannot write \(path): \(reason); check that the folder exists, that you may write there and that the disk has room"
    }
  }

  private static func text(ofBytes count: Int) -> String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where count >> shift > 0 {
      return "\(count >> shift) \(unit)"
    }
    return "\(count) bytes"
  }
}

/// What a path leads to; the raw value is what messages call it.
public enum FileKind: String, Sendable, Hashable {
  /// A file with a content of its own.
  case regular = "a regular file"
  /// A folder.
  case folder = "a folder"
  /// A named pipe.
  case pipe = "a named pipe"
  /// A socket.
  case socket = "a socket"
  /// A terminal, disk or other device.
  case device = "a device"

  /// Looks at what a path leads to, links followed; `nil` if there is nothing, or nothing that may be looked at.
  ///
  /// - Parameter path: The path.
  public init?(ofPath path: String) {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
    self.init(mode: status.st_mode)
  }

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    default: self = .device
    }
  }
}
