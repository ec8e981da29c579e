import Glibc

/// A result that was complete on the disk and that the database refused.
public struct RefusedResult: Sendable, Hashable, CustomStringConvertible {
  /// Row id of the attempt, which is lost.
  public var attempt: Int64
  /// The file that holds the result.
  public var path: String
  /// Why it was refused, as a clause on one line.
  public var reason: String

  init(attempt: Int64, path: String, reason: String) {
    self.attempt = attempt
    self.path = path
    self.reason = reason.asDetail
  }

  /// One line that says what became of it.
  public var description: String {
    "the result of attempt \(attempt) was refused (\(reason)); it is kept as '\(path)', and the attempt counts as lost"
  }
}

/// The folder `refused/` of a results folder: results that the database refused, which are never deleted.
struct RefusedResults: Sendable {
  /// The results folder.
  let folder: String

  private var place: String { "\(folder)/refused" }

  /// Paths of all of them, sorted.
  var paths: [String] { FileSystem.entries(of: place).map { "\(place)/\($0)" } }

  /// Puts the manifest of an attempt aside, so that nobody adopts it.
  ///
  /// - Returns: Where it is now; its old place if it cannot be moved.
  @discardableResult
  func take(attempt id: Int64, fromFolder own: String) -> String {
    let manifest = AttemptManifest.path(inFolder: own)
    mkdir(place, 0o777)
    var target = "\(place)/attempt-\(id).json"
    var number = 1
    while FileSystem.isThere(target) {
      number += 1
      target = "\(place)/attempt-\(id)-\(number).json"
    }
    return rename(manifest, target) == 0 ? target : manifest
  }
}
