import Foundation
public import Testing

/// Files of the project that are made by the program; rewritten only if the environment variable UPDATE_GOLDEN is 1.
public enum PublishedFile {
  /// Compares a text with a file of the project.
  ///
  /// - Parameters:
  ///   - text: What the file must be.
  ///   - path: The file, relative to the package's folder.
  ///   - location: Where a difference is reported.
  /// - Throws: What reading or writing the file throws.
  public static func expect(
    _ text: String, isAt path: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let file = "\(packageFolder)/\(path)"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let isUpToDate = try String(contentsOfFile: file, encoding: .utf8) == text
    #expect(
      isUpToDate, "\(path) is not what the program says; UPDATE_GOLDEN=1 writes it anew", sourceLocation: location)
  }

  /// Compares a text with the part of a file between two lines.
  ///
  /// - Parameters:
  ///   - path: The file, relative to the package's folder.
  ///   - start: The line before the part.
  ///   - end: The line behind it.
  ///   - text: What the part must be.
  ///   - location: Where a difference is reported.
  /// - Throws: What reading or writing the file throws, or a failed requirement without those lines.
  public static func expect(
    in path: String, between start: String, and end: String, _ text: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let page = try String(contentsOfFile: "\(packageFolder)/\(path)", encoding: .utf8)
    let first = try #require(page.range(of: start + "\n"), sourceLocation: location)
    let last = try #require(
      page.range(of: "\n" + end, range: first.upperBound..<page.endIndex), sourceLocation: location)
    try expect(
      page[..<first.upperBound] + text + page[last.lowerBound...], isAt: path, location: location)
  }
}
