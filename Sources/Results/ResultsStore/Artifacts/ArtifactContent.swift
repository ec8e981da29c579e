import Digest
import Glibc

/// What is at a path that can be an artifact: a regular file, or a folder of regular files.
struct ArtifactContent: Sendable {
  /// Why something cannot be an artifact, as a clause that names it.
  struct Obstacle: Error, CustomStringConvertible {
    var description: String
  }

  private(set) var path: String
  let isFolder: Bool
  /// Paths of all regular files.
  private(set) var files: [String] = []
  /// Paths of the folder and all folders below it, each after the one that holds it; empty for a file.
  private(set) var folders: [String] = []
  /// Sum of the files' sizes.
  private(set) var byteCount: Int64 = 0
  /// Whether every file has one name only, so that moving it takes it from nobody.
  private(set) var isSole = true

  /// Looks at a path; nil if there is nothing.
  init?(of path: String) throws(Obstacle) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.path = path
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    if isFolder {
      try collect(path)
    } else if status.st_mode & S_IFMT == S_IFREG {
      add(path, status)
    } else {
      throw Obstacle(description: "'\(path)' is neither a file nor a folder")
    }
  }

  /// Size of a file or sum of the sizes in a folder; nil if there is neither or it holds what an artifact may not.
  static func byteCount(at path: String) -> Int64? {
    (try? ArtifactContent(of: path))?.byteCount
  }

  func digest() throws(DigestError) -> SHA256Digest {
    isFolder ? try SHA256Digest(ofFolder: path) : try SHA256Digest(ofFile: path)
  }

  /// Makes the files readable for all whom `umask` allows it, executable if they were, and writable for nobody, and removes empty folders.
  ///
  /// - Returns: The files and folders that are left, which have to be waited for.
  func seal() -> [String] {
    for file in files { Self.seal(file, isExecutable: FileSystem.isExecutable(file)) }
    let kept = folders.reversed().filter { $0 == path || rmdir($0) != 0 }
    for folder in kept { chmod(folder, 0o755 & ~FileSystem.withheldPermissions) }
    return files + kept
  }

  /// Makes stored files executable that are executable here; the same content may have come without that.
  ///
  /// - Parameter stored: Where the same content is stored.
  func passExecution(to stored: String) {
    for file in files where FileSystem.isExecutable(file) { Self.seal(moved(file, to: stored), isExecutable: true) }
  }

  private static func seal(_ file: String, isExecutable: Bool) {
    chmod(file, (isExecutable ? 0o555 : 0o444) & ~FileSystem.withheldPermissions)
  }

  private func moved(_ part: String, to destination: String) -> String {
    destination + String(decoding: part.utf8.dropFirst(path.utf8.count), as: UTF8.self)
  }

  /// Copies everything to a path where nothing is.
  func copied(to destination: String) throws(StoreError) -> ArtifactContent {
    var copy = self
    copy.path = destination
    copy.files = files.map { moved($0, to: destination) }
    copy.folders = folders.map { moved($0, to: destination) }
    for folder in copy.folders { try FileSystem.makeFolder(folder) }
    for (source, target) in zip(files, copy.files) { try FileSystem.copy(source, to: target) }
    return copy
  }

  private mutating func add(_ file: String, _ status: stat) {
    files.append(file)
    byteCount += Int64(status.st_size)
    if status.st_nlink != 1 { isSole = false }
  }

  private mutating func collect(_ folder: String) throws(Obstacle) {
    folders.append(folder)
    for name in FileSystem.entries(of: folder) {
      let part = "\(folder)/\(name)"
      var status = stat()
      guard lstat(part, &status) == 0 else {
        let reason = String(cString: strerror(errno))
        throw Obstacle(description: "'\(part)' cannot be looked at (\(reason)); names have to be UTF-8 text")
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try collect(part)
      case S_IFREG: add(part, status)
      case S_IFLNK:
        throw Obstacle(
          description: "'\(part)' is a symbolic link, but a stored folder has only files; put a copy of the file there")
      default:
        throw Obstacle(
          description: "'\(part)' is a special file, but a stored folder has only regular files; remove it")
      }
    }
  }
}
