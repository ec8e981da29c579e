import Glibc
import WorkerProtocol

/// The file in which a command may leave what it measured.
struct ResultFile {
  let path: String
  /// Greatest size in bytes.
  let limit: Int

  /// Reads the file; without one there are no measurements.
  ///
  /// The command may have put anything there, so that nothing is waited for and no more than the limit is read.
  func measurements() -> Result<TaskMeasurements, ResultCheck.Rejection> {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return errno == ENOENT || errno == ENOTDIR ? .success(TaskMeasurements()) : refusal("cannot be read: \(reason)")
    }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return refusal("cannot be read: \(reason)") }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { return refusal("cannot be read: \(reason)") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return refusal("is \(Self.name(ofKind: status.st_mode & S_IFMT)); write a file")
    }
    guard status.st_size <= limit else { return refusal("has \(status.st_size) bytes, more than \(limit)") }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return refusal("cannot be read: \(reason)") }
      if count == 0 { break }
      filled += count
    }
    do throws(WorkerProtocolError) {
      return .success(try TaskMeasurements(parsing: Array(bytes[..<filled])))
    } catch {
      return refusal("is wrong: \(error.message)")
    }
  }

  private var reason: String { String(cString: strerror(errno)) }

  private func refusal(_ problem: String) -> Result<TaskMeasurements, ResultCheck.Rejection> {
    .failure(ResultCheck.Rejection(reason: "its result file '\(path)' \(problem)"))
  }

  private static func name(ofKind kind: mode_t) -> String {
    switch kind {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
