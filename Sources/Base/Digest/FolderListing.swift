import Glibc

/// The files below a folder, as its digest counts them.
public struct FolderListing: Sendable {
  /// One line of a folder's digest.
  public struct Entry: Sendable, Hashable {
    /// What stands at the path.
    public enum Content: Sendable, Hashable {
      /// A regular file.
      case file(FileStamp)
      /// A link to nothing, with the path that it names.
      case brokenLink(String)
      /// A link to a folder that is listed already, above it or elsewhere, with the path that it names.
      case repeatedFolder(String)
    }

    /// Relative to the folder.
    public var path: String
    /// What stands there.
    public var content: Content
  }

  /// The entries in the byte order of their paths.
  public let entries: [Entry]
  private let folder: String

  /// Walks through a folder.
  ///
  /// Links are followed, but none to a folder that is listed already, so that circles end.
  ///
  /// - Parameters:
  ///   - folder: A folder.
  ///   - isIgnored: Tells, of a path relative to the folder, whether it is passed over; a folder with everything in it.
  /// - Throws: `DigestError` if it is no folder, or something in it cannot be looked at.
  public init(of folder: String, isIgnored: (String) -> Bool = { _ in false }) throws(DigestError) {
    self.folder = folder
    var walk = Walk(folder: folder)
    try walk.list("", isIgnored: isIgnored)
    entries = walk.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Returns the digest of paths and contents.
  ///
  /// It is the SHA-256 of a line for each entry with its path, a zero byte, the 64 hexadecimal digits of its content's digest and a line
  /// feed. The content of a link that is not followed is `link`, a space and the path that it names.
  ///
  /// - Parameter digests: Reads the files, or knows them.
  /// - Returns: The digest.
  /// - Throws: `DigestError` if a file cannot be read.
  public func digest(_ digests: FileDigests) throws(DigestError) -> SHA256Digest {
    var hasher = SHA256Hasher()
    for entry in entries {
      let content: SHA256Digest
      switch entry.content {
      case .file: content = try digests.digest(ofFile: "\(folder)/\(entry.path)").digest
      case .brokenLink(let target), .repeatedFolder(let target): content = SHA256Digest(of: "link \(target)")
      }
      hasher.update("\(entry.path)\0\(content.hex)\n".utf8)
    }
    return hasher.finalize()
  }

  private struct Walk {
    let folder: String
    var entries: [Entry] = []
    private var seen: Set<[UInt64]> = []

    init(folder: String) { self.folder = folder }

    /// `prefix` is empty, or the path of a folder with a slash at its end.
    mutating func list(_ prefix: String, isIgnored: (String) -> Bool) throws(DigestError) {
      let path = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
      guard let stream = SystemPath.with(path, opendir) else { throw DigestError(path: path, systemError: errno) }
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { name in
          SystemPath.text(of: UnsafeRawBufferPointer(rebasing: name.prefix { $0 != 0 }))
        }
        if name != ".", name != ".." { names.append(name) }
      }
      let own = identity(ofDescriptor: dirfd(stream))
      closedir(stream)
      if let own { seen.insert(own) }
      // In order, so that which of several links to a folder is followed does not depend on the disk.
      for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !isIgnored(prefix + name) {
        try add(prefix + name, isIgnored: isIgnored)
      }
    }

    private mutating func add(_ path: String, isIgnored: (String) -> Bool) throws(DigestError) {
      let whole = "\(folder)/\(path)"
      var status = stat()
      guard SystemPath.with(whole, { stat($0, &status) }) == 0 else {
        let reason = errno
        guard let target = SystemPath.target(ofLink: whole) else { throw DigestError(path: whole, systemError: reason) }
        entries.append(Entry(path: path, content: .brokenLink(target)))
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: entries.append(Entry(path: path, content: .file(FileStamp(status))))
      case S_IFDIR:
        if seen.contains(Self.identity(status)), let target = SystemPath.target(ofLink: whole) {
          entries.append(Entry(path: path, content: .repeatedFolder(target)))
        } else {
          try list(path + "/", isIgnored: isIgnored)
        }
      default: break
      }
    }

    private func identity(ofDescriptor descriptor: Int32) -> [UInt64]? {
      var status = stat()
      return fstat(descriptor, &status) == 0 ? Self.identity(status) : nil
    }

    private static func identity(_ status: stat) -> [UInt64] { [UInt64(status.st_dev), UInt64(status.st_ino)] }
  }
}

extension SHA256Digest {
  /// Computes the digest of a folder, see ``FolderListing``: the sorted relative paths and digests of all regular files below it.
  ///
  /// Empty folders, special files, permissions and times do not count.
  ///
  /// - Parameter path: A folder.
  /// - Throws: `DigestError` if it is no folder, or something in it cannot be read.
  /// - Complexity: O(size of the files), and O(n · log n) in their number.
  public init(ofFolder path: String) throws(DigestError) {
    self = try FolderListing(of: path).digest(FileDigests())
  }
}
