internal import CProcess
import Glibc

/// The three pipes to a worker's process and the counter that wakes their reader.
///
/// Used by one thread, but for `wake`.
struct WorkerChannel: Sendable {
  /// What a wait has brought.
  struct Events {
    var output: [UInt8] = []
    var outputEnded = false
    var error: [UInt8] = []
    var errorEnded = false
  }

  private var input: Int32
  private var output: Int32
  private var error: Int32
  private let counter: WakeCounter
  private var unsent: ArraySlice<UInt8> = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// Opens the pipes; `ends` are the worker's standard streams.
  static func open() throws(SchedulingError) -> (channel: WorkerChannel, ends: [Int32]) {
    var pipes: [[Int32]] = []
    let counter = WakeCounter()
    for _ in 0..<3 {
      var pipe: [Int32] = [-1, -1]
      guard counter.descriptor >= 0, cprocess_pipe(&pipe) == 0 else {
        let reason = String(cString: strerror(errno))
        for descriptor in pipes.joined() { close(descriptor) }
        throw SchedulingError(.system, "cannot open pipes to a worker: \(reason); raise the limit on open files")
      }
      pipes.append(pipe)
    }
    for descriptor in [pipes[0][1], pipes[1][0], pipes[2][0]] { cprocess_set_nonblocking(descriptor) }
    let channel = WorkerChannel(input: pipes[0][1], output: pipes[1][0], error: pipes[2][0], counter: counter)
    return (channel, [pipes[0][0], pipes[1][1], pipes[2][1]])
  }

  private init(input: Int32, output: Int32, error: Int32, counter: WakeCounter) {
    self.input = input
    self.output = output
    self.error = error
    self.counter = counter
  }

  /// Returns a function that ends a wait from any thread.
  var wake: @Sendable () -> Void { counter.raise }

  var isEnded: Bool { output < 0 && error < 0 }

  mutating func send(_ bytes: [UInt8]) {
    unsent += bytes
    flush()
  }

  /// Waits until something can be read or written, or until the timeout (−1: for ever), and reads what is there.
  mutating func wait(milliseconds: Int32) -> Events {
    var waits = [
      pollfd(fd: counter.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: error, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
    ]
    var events = Events()
    guard poll(&waits, 4, milliseconds) > 0 else { return events }
    if waits[0].revents != 0 { counter.clear() }
    if waits[3].revents != 0 { flush() }
    if waits[1].revents != 0 { (events.output, events.outputEnded) = take(\.output) }
    // After the output, so that what was logged before an answer is there when the answer is read.
    (events.error, events.errorEnded) = takeError()
    return events
  }

  /// Reads what standard error holds now.
  mutating func takeError() -> (bytes: [UInt8], ended: Bool) { error < 0 ? ([], false) : take(\.error) }

  mutating func closeInput() {
    if input >= 0 { close(input) }
    input = -1
    unsent = []
  }

  mutating func closeAll() {
    closeInput()
    for descriptor in [output, error] where descriptor >= 0 { close(descriptor) }
    (output, error) = (-1, -1)
  }

  private mutating func flush() {
    while input >= 0, !unsent.isEmpty {
      let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count > 0 {
        unsent = unsent.dropFirst(count)
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        // The worker is going; its end is reported on the other pipes.
        closeInput()
      }
    }
    if unsent.isEmpty { unsent = [] }
  }

  private mutating func take(_ end: WritableKeyPath<WorkerChannel, Int32>) -> (bytes: [UInt8], ended: Bool) {
    let count = read(self[keyPath: end], &buffer, buffer.count)
    if count > 0 { return (Array(buffer[..<count]), false) }
    if count < 0, errno == EAGAIN || errno == EINTR { return ([], false) }
    close(self[keyPath: end])
    self[keyPath: end] = -1
    return ([], true)
  }
}

/// A counter that wakes a poll; closed with its last reference, so that a late call strikes no other file.
private final class WakeCounter: Sendable {
  let descriptor = cprocess_eventfd()

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  @Sendable func raise() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
