/// The stored message of a failed attempt, taken apart: what happened, and how its log ended.
package struct FailureText: Sendable {
  /// What happened, without the place of the log, which is another on every machine.
  package var reason: String
  /// The last lines of the log.
  package var log: [String]

  /// Takes a message apart; one of another form is a reason as a whole.
  package init(_ message: String) {
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var first = String(lines.popFirst() ?? "")
    for mark in ["; the last lines of ", "; the log is "] {
      // A reason may quote such words; the orchestrator writes its own last.
      if let found = first.ranges(of: mark).last { first = String(first[..<found.lowerBound]) }
    }
    reason = first
    log = lines.map { String($0.hasPrefix("    ") ? $0.dropFirst(4) : $0) }
    while log.last?.isEmpty == true { log.removeLast() }
  }
}
