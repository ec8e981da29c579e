import AttemptModel
import Glibc

/// What the end of a process means, in words.
enum ProcessFailure {
  /// Returns the kind of end and the reason, or `nil` if the process ended well.
  ///
  /// - Parameters:
  ///   - end: The end.
  ///   - subject: What ended, such as "the command".
  ///   - limit: Its time limit in seconds.
  ///   - memoryLimit: Its memory limit in bytes.
  /// - Returns: `nil` for exit code 0.
  static func explain(
    _ end: ProcessEnd, subject: String, limit: Double?, memoryLimit: Int? = nil
  ) -> (kind: ExitKind, reason: String)? {
    switch (end.kind, end.cause) {
    case (.notStarted(let reason), _): return (.failed, reason)
    case (.lost(let reason), _): return (.lost, "\(subject) was lost: \(reason)")
    case (_, .timeLimit):
      let needed = end.kind == .signalled(Int(SIGKILL)) ? " and had to be killed" : ""
      return (.timedOut, "\(subject) exceeded its time limit of \(text(limit ?? 0))\(needed)")
    case (_, .memoryLimit):
      let held = end.treePeakKiB.map { " \(mebibytes($0 << 10)) with its children," } ?? ""
      return (
        .memory, "\(subject) held\(held) more than its memory limit of \(mebibytes(memoryLimit ?? 0)), and was killed"
      )
    case (_, .stopping):
      return (.failed, "\(subject) stopped the process that watched it again and again, and was killed")
    case (_, .cancelled): return (.cancelled, "\(subject) was ended by the interruption of the run")
    case (.signalled(let number), .itself):
      guard number == SIGKILL, end.wasOutOfMemory else {
        return (.signalled, "\(subject) was killed by \(ProcessEnd.signalName(number))")
      }
      let peak = end.usage.map { "; it had reached \($0.maximumResidentBytes >> 20) MiB" } ?? ""
      return (.memory, "the kernel killed \(subject) for want of memory\(peak)")
    case (.exited(0), .itself): return nil
    case (.exited(let code), .itself): return (.failed, "\(subject) ended with exit code \(code)")
    }
  }

  private static func mebibytes(_ bytes: Int) -> String {
    bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
  }

  /// A duration in its largest whole unit.
  static func text(_ seconds: Double) -> String {
    if seconds >= 3600, seconds.truncatingRemainder(dividingBy: 3600) == 0 { return "\(Int(seconds / 3600)) h" }
    if seconds >= 60, seconds.truncatingRemainder(dividingBy: 60) == 0 { return "\(Int(seconds / 60)) min" }
    return seconds == seconds.rounded() && seconds < 1e9 ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}
