import Glibc
import Synchronization

/// Requests on their way from the reading thread to the working one; `nil` is the end.
final class RequestQueue: Sendable {
  private let requests = Mutex<[TaskRequest?]>([])
  /// A pipe as a counting semaphore: one byte for each request.
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    let status = pipe(&ends)
    precondition(status == 0, "pipe failed with errno \(errno)")
    readEnd = ends[0]
    writeEnd = ends[1]
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  func add(_ request: TaskRequest?) {
    requests.withLock { $0.append(request) }
    var token: UInt8 = 1
    _ = write(writeEnd, &token, 1)
  }

  /// Waits for the next request.
  func next() -> TaskRequest? {
    var token: UInt8 = 0
    while Glibc.read(readEnd, &token, 1) < 0 && errno == EINTR {}
    return requests.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
