import AttemptModel
import Foundation
import Glibc
import WorkerProtocol

/// The door through which everything that an attempt measured and made comes in, whether a worker said it or a command wrote it.
///
/// What each member must be by itself, `TaskMeasurements` has checked when it was read.
enum ResultCheck {
  /// Returns measurements whose names have one spelling and whose artifacts have absolute paths, or the reason why they cannot be accepted.
  ///
  /// Names that Unicode holds for the same text become its composed form (NFC): the database compares bytes, people and this program do not.
  static func accept(_ measurements: TaskMeasurements, from directory: String) -> Result<TaskMeasurements, Rejection> {
    var accepted = measurements
    for index in accepted.metrics.indices {
      compose(&accepted.metrics[index].name)
      compose(&accepted.metrics[index].unit)
    }
    for index in accepted.samples.indices {
      compose(&accepted.samples[index].metric)
      compose(&accepted.samples[index].unit)
    }
    guard !accepted.artifacts.isEmpty else { return .success(accepted) }
    guard isFolder(directory), isFolder((directory as NSString).deletingLastPathComponent) else {
      return .failure(
        Rejection(reason: "it has put something else in the place of its output folder '\(directory)'; write into it"))
    }
    let home = resolved(directory) ?? directory
    var names: Set<String> = []
    for index in accepted.artifacts.indices {
      compose(&accepted.artifacts[index].name)
      let artifact = accepted.artifacts[index]
      guard names.insert(artifact.name).inserted else {
        return .failure(Rejection(reason: "it announced artifact '\(artifact.name)' twice"))
      }
      let path = ProgramLocation.absolute(artifact.path, relativeTo: directory)
      guard let place = resolved(path), let kind = kind(place), kind == S_IFREG || kind == S_IFDIR else {
        return .failure(Rejection(reason: "it made no file or folder '\(path)' for artifact '\(artifact.name)'"))
      }
      guard place.hasPrefix(home + "/") else {
        let detour = place == path ? "" : ", which is '\(place)',"
        return .failure(
          Rejection(
            reason:
              "artifact '\(artifact.name)' is '\(path)'\(detour) outside the attempt's output folder '\(directory)'; "
              + "write it into that folder"))
      }
      if artifact.mediaType == unknown {
        accepted.artifacts[index].mediaType = kind == S_IFDIR ? folder : mediaType(of: artifact.path)
      }
      accepted.artifacts[index].path = place
    }
    return .success(accepted)
  }

  /// Media type of a file by its name's extension.
  private static func mediaType(of name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return unknown }
    return mediaTypes[name[name.index(after: dot)...].lowercased()] ?? unknown
  }

  /// The media type that nobody has named: the file's name tells it.
  static let unknown = "application/octet-stream"
  private static let folder = "inode/directory"

  private static let mediaTypes = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "svg": "image/svg+xml", "pdf": "application/pdf", "json": "application/json", "jsonl": "application/jsonl",
    "csv": "text/csv", "txt": "text/plain", "log": "text/plain", "md": "text/markdown", "html": "text/html",
  ]

  private static func compose(_ name: inout String) {
    // What is all ASCII is composed already.
    if name.utf8.contains(where: { $0 >= 0x80 }) { name = name.precomposedStringWithCanonicalMapping }
  }

  /// The path without links and dots; `nil` if there is nothing.
  private static func resolved(_ path: String) -> String? {
    guard let place = realpath(path, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
  }

  /// Whether a path is a folder itself, and no link to one.
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Why measurements are not accepted.
  struct Rejection: Error {
    var reason: String
  }
}
