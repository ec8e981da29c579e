import Foundation

/// Processes that carry a mark in their environment: everything that a test has started, however it tried to get away.
struct Survivors {
  /// The value of the variable `TORTURE`, unlike that of any other test.
  let mark = "torture-\(UUID().uuidString)"

  /// The variables to start processes with.
  var environment: [String: String] {
    ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TORTURE": mark]
  }

  /// The ids of the marked processes that are alive.
  var alive: [Int] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let wanted = Data("TORTURE=\(mark)".utf8)
    return entries.compactMap { Int($0) }.filter { pid in
      guard let variables = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else { return false }
      return variables.range(of: wanted) != nil && isAlive(pid)
    }
  }

  /// How many rounds a torture has: more with the environment variable `TORTURE_ROUNDS`.
  static let rounds = max(1, ProcessInfo.processInfo.environment["TORTURE_ROUNDS"].flatMap { Int($0) } ?? 1)
}

/// The process that is another one's parent.
func parent(of pid: Int) -> Int? {
  guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
  let text = String(decoding: line, as: UTF8.self)
  guard let end = text.lastIndex(of: ")") else { return nil }
  return text[end...].split(separator: " ").dropFirst(2).first.flatMap { Int($0) }
}
