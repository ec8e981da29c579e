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
      switch kind(path) {
      case S_IFREG: break
      case S_IFDIR: if artifact.mediaType == unknown { resolved.artifacts[index].mediaType = folder }
      default:
        return .failure(Rejection(reason: "it made no file or folder '\(path)' for artifact '\(artifact.name)'"))
      }
      resolved.artifacts[index].path = path
    }
    return .success(resolved)
  }

  /// Media type of a folder, or of a file by its name's extension.
  static func mediaType(of name: String, in directory: String) -> String {
    if kind(ProgramLocation.absolute(name, relativeTo: directory)) == S_IFDIR { return folder }
    guard let dot = name.lastIndex(of: ".") else { return unknown }
    return mediaTypes[name[name.index(after: dot)...].lowercased()] ?? unknown
  }

  private static let unknown = "application/octet-stream"
  private static let folder = "inode/directory"

  private static let mediaTypes = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "svg": "image/svg+xml", "pdf": "application/pdf", "json": "application/json", "jsonl": "application/jsonl",
    "csv": "text/csv", "txt": "text/plain", "log": "text/plain", "md": "text/markdown", "html": "text/html",
  ]

  private static func kind(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  /// Why measurements are not accepted.
  struct Rejection: Error {
    var reason: String
  }
}
