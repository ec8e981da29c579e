import Digest

/// What a look at a large file tells: its size, and when it was last written.
struct FileSize {
  /// Of smaller files the content counts, whatever was looked at.
  static let limit: Int64 = 1 << 20

  /// The value of an entry.
  let text: String

  /// Takes both out of a version.
  init(_ stamp: FileStamp) { text = "\(Self.beginning)\(stamp.size) bytes of \(stamp.modified)" }

  /// Reads the value of an entry; `nil` for others, such as digests.
  init?(text: String) {
    guard text.hasPrefix(Self.beginning) else { return nil }
    self.text = text
  }

  private static let beginning = "size "
}
