import Foundation

/// A folder of its own for a test, removed at the end.
final class TemporaryDataFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dataset-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
