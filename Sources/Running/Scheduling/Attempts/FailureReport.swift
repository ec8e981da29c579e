import AttemptModel
import Glibc
import Printing

/// The wording of a failed attempt: job, attempt, reason, log and its last lines.
enum FailureReport {
  private static let lineLimit = 12
  private static let byteLimit = 4096
  private static let reasonLimit = 400

  /// Returns the message of a failure.
  ///
  /// - Parameters:
  ///   - attempt: The attempt.
  ///   - reason: What happened, a clause such as "the command ended with exit code 3".
  ///   - alsoOutput: Whether standard output is shown when standard error is empty.
  /// - Returns: One line, followed by the last lines of the log if there are any.
  static func message(for attempt: AttemptRequest, reason: String, alsoOutput: Bool = false) -> String {
    var text = "\(attempt.label), attempt \(attempt.number): \(reason.abbreviated(to: reasonLimit))"
    let logs = [attempt.place.standardErrorPath] + (alsoOutput ? [attempt.place.standardOutputPath] : [])
    for log in logs {
      let lines = lastLines(ofFile: log)
      guard !lines.isEmpty else { continue }
      text += "; the last lines of \(log):"
      for line in lines { text += "\n    \(line)" }
      return text
    }
    return text + "; the log is \(attempt.place.standardErrorPath) (empty)"
  }

  /// The last lines of a file; none if it is absent or empty.
  static func lastLines(ofFile path: String) -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    let start = max(0, Int(size) - byteLimit)
    var bytes = [UInt8](repeating: 0, count: byteLimit)
    let count = pread(descriptor, &bytes, byteLimit, off_t(start))
    guard count > 0 else { return [] }
    return lastLines(of: bytes[..<count])
  }

  static func lastLines(of bytes: some Collection<UInt8>) -> [String] {
    let lines = String(decoding: bytes, as: UTF8.self).split { $0.isNewline }
    return lines.suffix(lineLimit).map { String($0).printableLine.abbreviated(to: 300) }
  }
}
