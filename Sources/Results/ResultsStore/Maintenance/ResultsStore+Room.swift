import Glibc

extension ResultsStore {
  /// Whether the disk has less than a megabyte, or room for fewer than sixteen files, left, so that what fails now may fail for want of it.
  public var isDiskFull: Bool {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return false }
    // Some file systems do not count files.
    let isOutOfFiles = status.f_files > 0 && status.f_favail < 16
    return isOutOfFiles || UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20
  }

  /// The error of a disk that is full.
  public var diskFull: StoreError {
    StoreError(
      code: .diskFull,
      message: "no room on the disk of '\(path)'; free some and run again: what was reported as stored is kept",
      path: path)
  }
}
