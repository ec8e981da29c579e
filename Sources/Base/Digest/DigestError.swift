import Glibc

/// A file or folder whose content could not be read for its digest.
public struct DigestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file or folder.
  public var path: String
  /// The `errno` of the failed call.
  public var systemError: Int32

  /// Creates the error of one failed call.
  public init(path: String, systemError: Int32) {
    self.path = path
    self.systemError = systemError
  }

  /// What failed, as one sentence.
  public var description: String {
    let hint =
      switch systemError {
      case ENOENT: "check that it exists"
      case EISDIR: "name a file, not a folder"
      case ENOTDIR: "a file is where a folder should be"
      case EINVAL: "name a regular file"
      case ELOOP: "remove the link that leads back to a folder above it"
      case EACCES: "check its permissions"
      case ELOOP: "it is a link to a folder that holds it; remove it"
      default: "check the file and its disk"
      }
    return "cannot read '\(path)' for its digest: \(String(cString: strerror(systemError))); \(hint)"
  }
}
