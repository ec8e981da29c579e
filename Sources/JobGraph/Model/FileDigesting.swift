public import Digest
import Files

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
  /// - Throws: `DigestError` if it cannot be read, `FileError` if it is a pipe, a socket or a device.
  public func fileDigest(ofPath path: String) throws -> SHA256Digest? {
    switch FileKind(ofPath: absolute(path)) {
    case .regular: return try SHA256Digest(ofFile: absolute(path))
    case .folder, nil: return nil
    case let other?: throw FileError(operation: .read, path: path, cause: .notRegular(other))
    }
  }

  /// Returns the digest of a folder: the SHA-256 of the sorted relative paths and digests of all regular files below it.
  ///
  /// - Parameter path: Relative to the root, or absolute.
  /// - Returns: The digest; `nil` if there is no folder.
  /// - Throws: `DigestError` if something in it cannot be read.
  public func folderDigest(ofPath path: String) throws -> SHA256Digest? {
    let folder = absolute(path)
    return FileKind(ofPath: folder) == .folder ? try SHA256Digest(ofFolder: folder) : nil
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(root)/\(path)" }
}
