import Glibc

/// The folder `trash/` of a results folder: a folder that is to go is renamed into it first, so that a kill leaves it whole or away.
struct Trash: Sendable {
  /// The results folder.
  let folder: String

  private var place: String { "\(folder)/trash" }

  /// Removes files and folders, each of them wholly or not at all.
  ///
  /// - Returns: Those that could not be removed and are still there.
  @discardableResult
  func remove(_ paths: [String]) -> [String] {
    var left: [String] = []
    var moved: [String] = []
    for path in paths {
      // A file goes wholly or not at all by itself.
      if unlink(path) == 0 { continue }
      guard let away = moveAway(path) else {
        if FileSystem.isThere(path) { left.append(path) }
        continue
      }
      moved.append(away)
    }
    for path in moved { FileSystem.remove(path) }
    rmdir(place)
    return left
  }

  /// Removes what a process left that was killed while it removed things; for the one that may write.
  func empty() {
    FileSystem.remove(place)
  }

  /// Gives a thing another name; nil if there is nothing, or it may not be renamed.
  private func moveAway(_ path: String) -> String? {
    mkdir(place, 0o777)
    let name = "\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    // The part of the results folder may lie on another disk.
    for target in ["\(place)/\(name)", "\(path).\(name)"] where rename(path, target) == 0 { return target }
    return nil
  }
}
