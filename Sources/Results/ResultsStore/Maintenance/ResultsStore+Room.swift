import Glibc

extension ResultsStore {
  /// Whether the disk has less than a megabyte left, so that what fails now may fail for want of room.
  public var isDiskFull: Bool {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20
  }

  /// The error of a disk that is full.
  public var diskFull: StoreError {
    StoreError(
      code: .diskFull,
      message: "no room on the disk of '\(path)'; free some and run again: what was reported as stored is kept",
      path: path)
  }
}
