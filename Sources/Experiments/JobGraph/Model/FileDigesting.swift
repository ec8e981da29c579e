public import Digest
import Files
public import InputTracing

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

extension ProjectFolder: FileDigesting {
  /// Returns the digest of a regular file; symbolic links are followed.
  ///
  /// - Parameter path: Relative to the root, or absolute.
  /// - Returns: The digest of its content; `nil` if there is no file, or something else.
  /// - Throws: `DigestError` if it cannot be read, `FileError` if it is a pipe, a socket or a device.
  public func fileDigest(ofPath path: String) throws -> SHA256Digest? {
    switch FileKind(ofPath: absolute(path)) {
    case .regular: return try inputDigest(of: path)
    case .folder, nil: return nil
    case let other?: throw FileError(operation: .read, path: path, cause: .notRegular(other))
    }
  }

  /// Returns the digest of a folder, see `FolderListing`.
  ///
  /// - Parameter path: Relative to the root, or absolute.
  /// - Returns: The digest; `nil` if there is no folder.
  /// - Throws: `DigestError` if something in it cannot be read.
  public func folderDigest(ofPath path: String) throws -> SHA256Digest? {
    FileKind(ofPath: absolute(path)) == .folder ? try inputDigest(of: path) : nil
  }
}
