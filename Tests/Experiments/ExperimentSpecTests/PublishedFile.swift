import Foundation
import TestSupport
import Testing

/// Files of the project that are made by the program; rewritten only if the environment variable UPDATE_GOLDEN is 1.
enum PublishedFile {
  /// Compares a text with a file of the project.
  static func expect(_ text: String, isAt path: String, location: SourceLocation = #_sourceLocation) throws {
    let file = "\(packageFolder)/\(path)"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let isUpToDate = try String(contentsOfFile: file, encoding: .utf8) == text
    #expect(
      isUpToDate, "\(path) is not what the program says; UPDATE_GOLDEN=1 writes it anew", sourceLocation: location)
  }
}
