import Glibc

/// The standard streams of a program; the only way in which executables write to them.
///
/// Results go to standard output and either arrive or are an error. Messages and progress go to standard error: they never wait, and
/// what cannot be written is dropped. Nothing that comes from outside reaches a terminal with control characters in it.
///
///     Terminal.prepare()
///     try Terminal.write("17  finished\n")
///     Terminal.writeError("warning: the machine is busy\n")
public enum Terminal {
  private static let messages = MessageWriter(descriptor: STDERR_FILENO)

  /// Whether standard error is a terminal, so that a line of it can be drawn anew.
  public static var showsStatus: Bool { isatty(STDERR_FILENO) == 1 }

  /// Makes the standard streams fit for use; the first thing a program does.
  ///
  /// A closed one is opened on nothing, so that no file opened later, such as a database, gets its number and with it what is written
  /// to the stream. A reader that goes away, and a file that may not grow any more (`ulimit -f`), are errors of the writer and do not end
  /// the program. When the program ends, messages are waited for.
  public static func prepare() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // Opened for reading, writing to it still fails as it does on a closed one.
      _ = open("/dev/null", O_RDONLY)
    }
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    atexit { Terminal.flush() }
  }

  /// Writes text for people to standard output; control characters are made visible.
  ///
  /// - Parameter text: Lines with their ends.
  /// - Throws: `OutputError` if not all of it could be written.
  public static func write(_ text: String) throws(OutputError) { try writeBytes(Array(text.printable.utf8)) }

  /// Writes text for programs to standard output, as it is; on a terminal control characters are made visible.
  ///
  /// - Parameter data: Text in a format of its own, such as CSV, JSON or SVG.
  /// - Throws: `OutputError` if not all of it could be written.
  public static func write(data: String) throws(OutputError) { try write(data: Array(data.utf8)) }

  /// Writes bytes to standard output, as they are; on a terminal control characters are made visible.
  ///
  /// - Parameter data: Any bytes, such as the log of a job.
  /// - Throws: `OutputError` if not all of it could be written.
  public static func write(data: [UInt8]) throws(OutputError) {
    guard isatty(STDOUT_FILENO) == 1 else { return try writeBytes(data) }
    try write(String(decoding: data, as: UTF8.self))
  }

  /// Writes messages for people to standard error; control characters are made visible.
  ///
  /// Returns at once. What the stream does not take is dropped, the oldest first, and how much is said.
  ///
  /// - Parameter text: Lines with their ends.
  public static func writeError(_ text: String) { messages.write(text.printable) }

  /// Draws the last line of a terminal anew.
  ///
  /// Only the latest status is drawn; one that the terminal had no time for is forgotten.
  ///
  /// - Parameter status: One line without its end; `nil` takes the line away.
  public static func show(status: String?) { messages.show(status: status?.printableLine) }

  /// Waits until messages are written, but not for a stream that takes nothing any more, as after Ctrl-S.
  public static func flush() { messages.flush(seconds: 2) }

  private static func writeBytes(_ bytes: [UInt8]) throws(OutputError) {
    // What was said before stands before.
    flush()
    let code = DescriptorWriting.write(bytes, to: STDOUT_FILENO)
    if code != 0 { throw OutputError(code: code) }
  }
}
