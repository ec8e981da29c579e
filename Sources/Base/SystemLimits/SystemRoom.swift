import CProcess
import Glibc
import Printing

/// The room that the system leaves this process: memory, stacks, open files and threads.
///
/// Where threads are missing, work waits for them for ever instead of failing, and where memory is missing, the program ends without a
/// word: both are looked for before anything needs them.
package struct SystemRoom: Sendable {
  /// Memory that can be mapped, in bytes.
  package var memoryBytes: Int
  /// Size of a stack, in bytes.
  package var stackBytes: Int
  /// Files that can be opened.
  package var fileCount: Int
  /// Threads that can be started.
  package var threadCount: Int

  /// Says how much room a program needs.
  package init(memoryBytes: Int, stackBytes: Int, fileCount: Int, threadCount: Int) {
    self.memoryBytes = memoryBytes
    self.stackBytes = stackBytes
    self.fileCount = fileCount
    self.threadCount = threadCount
  }

  /// Ends the program with one message unless there is the room; the first thing that a program does.
  ///
  /// Where memory is limited, the program also ends when it is used up later.
  package func requireOrExit() {
    if Self.isBounded(RLIMIT_AS) { cprocess_share_allocations() }
    do throws(SystemShortage) {
      try requireMemory()
      try requireStack()
      try requireFiles()
      try requireThreads()
      if Self.isBounded(RLIMIT_AS) || Self.isBounded(RLIMIT_DATA) { try Self.watchMemory() }
    } catch {
      Self.exit(saying: "error: \(error.description)")
    }
  }

  private func requireMemory() throws(SystemShortage) {
    if let number = Self.obstacle(toMapping: memoryBytes) {
      throw SystemShortage(
        "\(memoryBytes >> 20) MiB of memory", number, "raise the limits on it (ulimit -v, ulimit -d)")
    }
  }

  private func requireStack() throws(SystemShortage) {
    guard let limit = Self.limit(RLIMIT_STACK), limit < rlim_t(stackBytes) else { return }
    throw SystemShortage("stacks of \(stackBytes >> 10) KiB", ENOMEM, "raise the limit on them (ulimit -s)")
  }

  private func requireFiles() throws(SystemShortage) {
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    while copies.count < fileCount {
      let copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else {
        throw SystemShortage("\(fileCount) open files", errno, "raise the limit on them (ulimit -n)")
      }
      copies.append(copy)
    }
  }

  private func requireThreads() throws(SystemShortage) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    var threads: [pthread_t] = []
    var status: Int32 = 0
    while threads.count < threadCount, status == 0 {
      var thread = pthread_t()
      // Waits until the writing end is closed; one is added because no pointer has the bits of 0.
      status = pthread_create(
        &thread, nil,
        { end in
          var byte: UInt8 = 0
          _ = read(Int32(Int(bitPattern: end)) - 1, &byte, 1)
          return nil
        }, UnsafeMutableRawPointer(bitPattern: Int(ends[0]) + 1))
      if status == 0 { threads.append(thread) }
    }
    close(ends[1])
    for thread in threads { pthread_join(thread, nil) }
    close(ends[0])
    if status != 0 {
      throw SystemShortage(
        "\(threadCount) threads", status, "raise the limit on processes (ulimit -u) or end some of them")
    }
  }

  /// Ends the program when its memory is used up: it could start no thread any more, and wait for one without end.
  private static func watchMemory() throws(SystemShortage) {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { _ in
        SystemRoom.awaitShortage()
        return nil
      }, nil)
    guard status == 0 else { throw SystemShortage("a thread", status, "raise the limit on processes (ulimit -u)") }
    pthread_detach(thread)
  }

  private static func awaitShortage() {
    var misses = 0
    while misses < 3 {
      sleep(1)
      misses = obstacle(toMapping: threadBytes) == nil ? 0 : misses + 1
    }
    exit(
      saying:
        "error: the limit on this program's memory is used up; raise it (ulimit -v, ulimit -d) and run again: what was "
        + "reported as stored is kept")
  }

  /// What the stack and the first allocations of a thread take.
  private static let threadBytes = 10 << 20

  /// Writes a message without the thread that writes messages, and ends the program.
  private static func exit(saying message: String) -> Never {
    _ = DescriptorWriting.write(Array((message + "\n").utf8), to: STDERR_FILENO)
    _exit(1)
  }

  /// Why memory of a size cannot be had; nil if it can.
  private static func obstacle(toMapping byteCount: Int) -> Int32? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let place = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), place != MAP_FAILED else {
      return errno
    }
    munmap(place, byteCount)
    return nil
  }

  /// The limit on a resource; nil if there is none.
  private static func limit(_ resource: __rlimit_resource) -> rlim_t? {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0, limits.rlim_cur < rlim_t(Int64.max) else {
      return nil
    }
    return limits.rlim_cur
  }

  private static func isBounded(_ resource: __rlimit_resource) -> Bool { limit(resource) != nil }
}

/// Room that the system does not give.
struct SystemShortage: Error, CustomStringConvertible {
  /// What is missing, why, and which limit to raise.
  let description: String

  init(_ what: String, _ number: Int32, _ cure: String) {
    description = "the system has no room for \(what): \(String(cString: strerror(number))); \(cure)"
  }
}
