public import Glibc

/// What tells two versions of a file apart without reading it: its inode, its size and its times.
///
/// A file whose stamp is the same has the same content, unless it was written twice within one tick of the file system's clock, see
/// ``isSettled(at:)``.
public struct FileStamp: Hashable, Sendable {
  /// The inode's number.
  public var inode: UInt64
  /// Size in bytes.
  public var size: Int64
  /// When the content was last written, in nanoseconds since 1970.
  public var modified: Int64
  /// When content, name or rights last changed, in nanoseconds since 1970.
  public var changed: Int64

  /// Makes a stamp of known values.
  public init(inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
  }

  /// Takes the stamp out of what the system says of a file.
  public init(_ status: stat) {
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  /// Looks at a regular file, following links; `nil` if there is none.
  ///
  /// - Parameter path: Any path.
  public init?(ofFile path: String) {
    var status = stat()
    guard SystemPath.with(path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  /// Whether two versions of a file have the same content for all that can be told: names and rights may differ.
  ///
  /// - Parameter other: Another version of the file.
  /// - Returns: Whether size and time of the last write are the same.
  public func hasContent(of other: FileStamp) -> Bool { size == other.size && modified == other.modified }

  /// Whether a later write would give another stamp, since the file's last change lies more than a tick of the clock back.
  ///
  /// - Parameter now: The present time as ``present`` gives it.
  /// - Returns: Whether it does.
  public func isSettled(at now: Int64) -> Bool { changed < now - Self.tick && modified < now - Self.tick }

  /// The clock by which file systems stamp, in nanoseconds since 1970.
  public static var present: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    return nanoseconds(now)
  }

  /// Longer than a tick of any kernel's clock.
  private static let tick: Int64 = 20_000_000

  /// A time beyond the year 2262 counts as the last that fits.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    let (seconds, isBeyond) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return isBeyond
      ? (time.tv_sec < 0 ? .min : .max) : seconds.addingReportingOverflow(Int64(time.tv_nsec)).partialValue
  }
}
