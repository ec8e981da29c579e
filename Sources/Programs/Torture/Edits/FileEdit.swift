import Glibc

/// A way in which a file gets another content; at no time is there half of it.
enum FileEdit: String, CaseIterable {
  case replaced
  case replacedWithSameSize = "replaced with the same size"
  case replacedWithSameSizeAndTime = "replaced with the same size and time"
  case writtenInPlace = "written in place"
  case writtenInPlaceWithSameTime = "written in place with the same time"
  case revertedAtOnce = "written and taken back at once"
  case touched = "touched"

  /// Whether the size stays what it was, unless an edit of another kind came before.
  var keepsSize: Bool { self != .replaced }

  /// Longer than a tick of the clock by which file systems stamp: two edits within one cannot be told apart.
  private static let tickMicroseconds: UInt32 = 12_000

  /// Gives a file a content.
  func apply(_ text: String, to path: String, isProgram: Bool) throws(TortureError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure(path) }
    let content = Array(text.utf8)
    // A program that is open for writing cannot be started; a file of another size would be seen half written.
    let isReplaced = isProgram || status.st_size != off_t(content.count)
    func put(_ content: [UInt8]) throws(TortureError) {
      if isReplaced { try Self.replace(path, content, status.st_mode) } else { try Self.overwrite(path, content) }
    }
    switch self {
    case .replaced, .replacedWithSameSize: try Self.replace(path, content, status.st_mode)
    case .replacedWithSameSizeAndTime: try Self.replace(path, content, status.st_mode, times: status)
    case .writtenInPlace: try put(content)
    case .writtenInPlaceWithSameTime:
      try put(content)
      Self.setTimes(path, status)
    case .revertedAtOnce:
      let old = Self.content(of: path)
      try put(content)
      usleep(Self.tickMicroseconds)
      try put(old)
      Self.setTimes(path, status)
    case .touched: utimensat(AT_FDCWD, path, nil, 0)
    }
    usleep(Self.tickMicroseconds)
  }

  private static func replace(
    _ path: String, _ content: [UInt8], _ mode: mode_t, times: stat? = nil
  ) throws(TortureError) {
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0o777)
    guard descriptor >= 0 else { throw failure(temporary) }
    let isWhole = pwrite(descriptor, content, content.count, 0) == content.count
    fchmod(descriptor, mode & 0o777)
    close(descriptor)
    if let times { setTimes(temporary, times) }
    guard isWhole, rename(temporary, path) == 0 else { throw failure(path) }
  }

  private static func overwrite(_ path: String, _ content: [UInt8]) throws(TortureError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard pwrite(descriptor, content, content.count, 0) == content.count else { throw failure(path) }
  }

  private static func content(of path: String) -> [UInt8] { Array(RunningOrchestrator.text(of: path).utf8) }

  private static func setTimes(_ path: String, _ status: stat) {
    let times = [status.st_atim, status.st_mtim]
    utimensat(AT_FDCWD, path, times, 0)
  }

  private static func failure(_ path: String) -> TortureError {
    TortureError(description: "'\(path)' cannot be edited (\(String(cString: strerror(errno))))")
  }
}
