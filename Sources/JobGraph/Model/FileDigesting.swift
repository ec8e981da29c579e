public import Digest
import Glibc

/// Knows the content of input files.
public protocol FileDigesting: Sendable {
  /// Returns the digest of a regular file.
  ///
  /// - Parameter path: Relative to the project root, or absolute.
  /// - Returns: The digest of its content; `nil` if there is no file, or something else.
  /// - Throws: An error that says why a file that exists cannot be read.
  func fileDigest(ofPath path: String) throws -> SHA256Digest?

  /// Returns the digest of a folder.
  ///
  /// - Parameter path: Relative to the project root, or absolute.
  /// - Returns: The digest of the names and contents of all files in it; `nil` if there is no folder.
  /// - Throws: An error that says why a folder that exists cannot be read.
  func folderDigest(ofPath path: String) throws -> SHA256Digest?
}

/// The files of a project on disk.
public struct ProjectFiles: FileDigesting {
  /// What relative paths are relative to.
  public var root: String

  /// Makes an access to files.
  ///
  /// - Parameter root: What relative paths are relative to.
  public init(root: String) {
    self.root = root
  }

  /// Returns the digest of a regular file; symbolic links are followed.
  ///
  /// - Parameter path: Relative to the root, or absolute.
  /// - Returns: The digest of its content; `nil` if there is no file, or something else.
  /// - Throws: `DigestError` if it cannot be read.
  public func fileDigest(ofPath path: String) throws -> SHA256Digest? {
    kind(absolute(path)) == S_IFREG ? try SHA256Digest(ofFile: absolute(path)) : nil
  }

  /// Returns the digest of a folder: the SHA-256 of the sorted relative paths and digests of all regular files below it.
  ///
  /// - Parameter path: Relative to the root, or absolute.
  /// - Returns: The digest; `nil` if there is no folder.
  /// - Throws: `DigestError` if something in it cannot be read.
  public func folderDigest(ofPath path: String) throws -> SHA256Digest? {
    let folder = absolute(path)
    guard kind(folder) == S_IFDIR else { return nil }
    var files: [String] = []
    try collect(folder, prefix: "", into: &files)
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var text = ""
    for file in files { text += "\(file)\0\(try SHA256Digest(ofFile: "\(folder)/\(file)").hex)\n" }
    return SHA256Digest(of: text)
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(root)/\(path)" }

  private func kind(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  private func collect(_ folder: String, prefix: String, into files: inout [String]) throws {
    guard let stream = opendir("\(folder)/\(prefix)") else {
      throw DigestError(path: "\(folder)/\(prefix)", systemError: errno)
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      switch kind("\(folder)/\(prefix)\(name)") {
      case S_IFDIR: try collect(folder, prefix: "\(prefix)\(name)/", into: &files)
      case S_IFREG: files.append(prefix + name)
      default: break
      }
    }
  }
}
