import Glibc

/// A folder, by whatever path it was reached.
private struct FolderIdentity: Hashable {
  private var device: dev_t
  private var inode: ino_t

  init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }
}

extension SHA256Digest {
  /// Computes the digest of a folder: the SHA-256 of the sorted relative paths and digests of all regular files below it.
  ///
  /// The digested text has one line for each file: its path relative to the folder, a zero byte, the 64 hexadecimal digits of its
  /// content's digest, a line feed; lines are in the byte order of the paths. Symbolic links are followed. Empty folders, special
  /// files, permissions and times do not count.
  ///
  /// - Parameter path: A folder.
  /// - Throws: `DigestError` if it is no folder, something in it cannot be read, or a link leads back to a folder that holds it.
  /// - Complexity: O(size of the files), and O(n · log n) in their number.
  public init(ofFolder path: String) throws(DigestError) {
    var files: [String] = []
    var status = stat()
    guard stat(path, &status) == 0 else { throw DigestError(path: path, systemError: errno) }
    try Self.collect(path, prefix: "", within: [FolderIdentity(status)], into: &files)
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var hasher = SHA256Hasher()
    for file in files {
      let content = try SHA256Digest(ofFile: "\(path)/\(file)")
      hasher.update("\(file)\0\(content.hex)\n".utf8)
    }
    self = hasher.finalize()
  }

  private static func collect(
    _ folder: String, prefix: String, within holders: Set<FolderIdentity>, into files: inout [String]
  ) throws(DigestError) {
    let path = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
    guard let stream = opendir(path) else { throw DigestError(path: path, systemError: errno) }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      var status = stat()
      guard stat("\(folder)/\(prefix)\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        let identity = FolderIdentity(status)
        guard !holders.contains(identity) else {
          throw DigestError(path: "\(folder)/\(prefix)\(name)", systemError: ELOOP)
        }
        try collect(folder, prefix: "\(prefix)\(name)/", within: holders.union([identity]), into: &files)
      case S_IFREG: files.append(prefix + name)
      default: break
      }
    }
  }
}
