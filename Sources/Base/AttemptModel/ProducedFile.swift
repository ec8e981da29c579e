/// A file, or a folder of files, that an attempt produced.
public struct ProducedFile: Sendable, Hashable {
  /// Artifact name, once per attempt.
  public var name: String
  /// A regular file, or a folder with regular files in it and no links, that this process can read.
  public var path: String
  /// Media type, for example "image/png"; "inode/directory" for a folder.
  public var mediaType: String

  /// Makes a reference to a file or folder.
  public init(name: String, path: String, mediaType: String) {
    self.name = name
    self.path = path
    self.mediaType = mediaType
  }
}
