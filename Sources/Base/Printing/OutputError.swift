import Glibc

/// A standard stream that takes no more.
public struct OutputError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The exit status that a shell gives for a tool that a broken pipe has ended.
  public static let brokenPipeStatus: Int32 = 128 + SIGPIPE

  /// The system's error number.
  public let code: Int32

  /// Whether the reader has gone, which is no reason to complain: `orchestrate runs | head -1`.
  public var isBrokenPipe: Bool { code == EPIPE }

  /// One sentence with the cause.
  public var description: String { "standard output cannot be written: \(String(cString: strerror(code)))" }
}
