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
    return kind(folder) == S_IFDIR ? try SHA256Digest(ofFolder: folder) : nil
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(root)/\(path)" }

  private func kind(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }
}
