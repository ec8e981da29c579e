import Foundation
import Testing

/// Files that outputs are compared with; rewritten only if the environment variable UPDATE_GOLDEN is 1.
enum GoldenFile {
  /// Compares a text with a stored file and shows the first line that differs.
  static func expect(_ text: String, equals name: String, location: SourceLocation = #_sourceLocation) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: url)
    }
    let stored = try String(contentsOf: url, encoding: .utf8)
    guard stored != text else { return }
    let (old, new) = (stored.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    let before = line < old.count ? old[line] : "(end)"
    let after = line < new.count ? new[line] : "(end)"
    Issue.record(
      "\(name) differs in line \(line + 1):\n- \(before)\n+ \(after)\nset UPDATE_GOLDEN=1 if the change is wanted",
      sourceLocation: location)
  }
}
