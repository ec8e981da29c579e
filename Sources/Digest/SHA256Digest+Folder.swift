import Glibc

extension SHA256Digest {
  /// Computes the digest of a folder: the SHA-256 of the sorted relative paths and digests of all regular files below it.
  ///
  /// The digested text has one line for each file: its path relative to the folder, a zero byte, the 64 hexadecimal digits of its
  /// content's digest, a line feed; lines are in the byte order of the paths. Symbolic links are followed. Empty folders, special
  /// files, permissions and times do not count.
  ///
  /// - Parameter path: A folder.
  /// - Throws: `DigestError` if it is no folder, if a link in it leads back to a folder above, or something in it cannot be read.
  /// - Complexity: O(size of the files), and O(n · log n) in their number.
  public init(ofFolder path: String) throws(DigestError) {
    var walk = FolderWalk(folder: path)
    try walk.enter(prefix: "")
    var files = walk.files
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var hasher = SHA256Hasher()
    for file in files {
      let content = try SHA256Digest(ofFile: "\(path)/\(file)")
      hasher.update("\(file)\0\(content.hex)\n".utf8)
    }
    self = hasher.finalize()
  }
}

/// A way through a folder and everything below, links to folders included.
private struct FolderWalk {
  let folder: String
  /// Paths of regular files, relative to the folder.
  private(set) var files: [String] = []
  /// The folders from the first one to where the walk is.
  private var ancestors: [Identity] = []
  private var linkCount = 0

  /// The most folders that are entered by links; a few links to one another would make any number of paths.
  private static let linkLimit = 10_000

  private struct Identity: Equatable {
    var device: dev_t
    var node: ino_t

    init(_ status: stat) {
      device = status.st_dev
      node = status.st_ino
    }
  }

  init(folder: String) { self.folder = folder }

  /// Adds the files below a folder, whose path relative to the first one ends with a slash unless it is empty.
  mutating func enter(prefix: String) throws(DigestError) {
    let path = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
    var status = stat()
    guard stat(path, &status) == 0, let stream = opendir(path) else {
      throw DigestError(path: path, systemError: errno)
    }
    defer { closedir(stream) }
    guard !ancestors.contains(Identity(status)) else { throw DigestError(path: path, systemError: ELOOP) }
    ancestors.append(Identity(status))
    defer { ancestors.removeLast() }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      let child = "\(folder)/\(prefix)\(name)"
      guard stat(child, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        try countLink(child)
        try enter(prefix: "\(prefix)\(name)/")
      case S_IFREG: files.append(prefix + name)
      default: break
      }
    }
  }

  private mutating func countLink(_ path: String) throws(DigestError) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    linkCount += 1
    guard linkCount <= Self.linkLimit else { throw DigestError(path: path, systemError: ELOOP) }
  }
}
