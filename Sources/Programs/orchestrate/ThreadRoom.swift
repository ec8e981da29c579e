import Glibc

/// The room that the system leaves this process for threads.
enum ThreadRoom {
  /// As many as a run of one job keeps busy: queues, timers, the reader of the supervisor's reports, and the processes themselves.
  private static let needed = 6

  /// Makes sure that there is room: where threads are missing, work waits for them for ever instead of failing.
  ///
  /// - Throws: `CommandFailure` with the limit to raise.
  static func require() throws(CommandFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    var threads: [pthread_t] = []
    var status: Int32 = 0
    while threads.count < needed, status == 0 {
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
    guard status != 0 else { return }
    throw CommandFailure(
      "error: the system has no room for \(needed) threads: \(String(cString: strerror(status))); "
        + "raise the limit on processes (ulimit -u) or end some of them", status: 1)
  }
}
