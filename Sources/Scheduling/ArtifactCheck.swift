import Glibc
import WorkerProtocol

/// Makes sure that announced artifacts are there.
enum ArtifactCheck {
  /// Returns measurements whose artifacts have absolute paths, or the reason why they cannot be accepted.
  static func resolve(_ measurements: TaskMeasurements, in directory: String) -> Result<TaskMeasurements, Rejection> {
    var resolved = measurements
    var names: Set<String> = []
    for index in resolved.artifacts.indices {
      let artifact = resolved.artifacts[index]
      guard names.insert(artifact.name).inserted else {
        return .failure(Rejection(reason: "it announced artifact '\(artifact.name)' twice"))
      }
      let path = ProgramLocation.absolute(artifact.path, relativeTo: directory)
      guard isFile(path) else {
        return .failure(Rejection(reason: "it made no file '\(path)' for artifact '\(artifact.name)'"))
      }
      resolved.artifacts[index].path = path
    }
    return .success(resolved)
  }

  /// Media type by file name extension.
  static func mediaType(ofFile name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return mediaTypes[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
  }

  private static let mediaTypes = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "svg": "image/svg+xml", "pdf": "application/pdf", "json": "application/json", "jsonl": "application/jsonl",
    "csv": "text/csv", "txt": "text/plain", "log": "text/plain", "md": "text/markdown", "html": "text/html",
  ]

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Why measurements are not accepted.
  struct Rejection: Error {
    var reason: String
  }
}
