import CDisk
import Glibc

/// Waiting for the disk.
extension FileSystem {
  /// Most paths that are waited for one by one.
  private static let fewPaths = 32

  /// Waits until a file's content, or a folder's entries, are on the disk.
  static func synchronize(_ path: String) throws(StoreError) {
    try waiting(for: path) { fsync($0) }
  }

  /// Waits until the contents of files, or the entries of folders, are on the disk.
  ///
  /// A file that is waited for by itself costs a turn of the disk. For many it is less to wait for everything that their file system
  /// has to write, be it of other programs.
  static func synchronize(_ paths: [String]) throws(StoreError) {
    guard paths.count > fewPaths else {
      for path in paths { try synchronize(path) }
      return
    }
    var devices: Set<dev_t> = []
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0 else { throw failure("open", path, errno) }
      if devices.insert(status.st_dev).inserted { try waiting(for: path) { cdisk_synchronize_file_system($0) } }
    }
  }

  /// Waits until everything that a folder's file system has to write is on the disk, be it of other programs.
  static func synchronizeAll(around path: String) throws(StoreError) {
    try waiting(for: path) { cdisk_synchronize_file_system($0) }
  }

  private static func waiting(for path: String, _ wait: (Int32) -> Int32) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path, errno) }
    defer { close(descriptor) }
    guard wait(descriptor) == 0 else { throw failure("write", path, errno) }
  }
}
