import Foundation

/// The folder in which an attempt leaves its artifacts.
struct OutputFolder {
  let path: String

  /// Removes what is in it.
  ///
  /// - Returns: What stands against it; `nil` if the folder is empty now.
  func clear() -> String? {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: path) {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
      return nil
    } catch {
      return "the output folder '\(path)' cannot be emptied for another process: \(error.localizedDescription)"
    }
  }
}
