internal import CProcess

/// Where a worker's standard error goes: into the log of the running attempt, and into a short memory between attempts.
struct WorkerLog: ~Copyable {
  private static let memoryBytes = 1 << 16

  private let limit: Int
  /// The running attempt's log; its file is made with its first byte.
  private var log: OpaquePointer?
  /// What came since the last attempt; it opens the next log, since start-up messages belong somewhere.
  private(set) var memory: [UInt8] = []

  init(limit: Int) {
    self.limit = limit
  }

  deinit {
    if let log { _ = cprocess_log_finish(log) }
  }

  mutating func open(_ path: String) {
    close()
    log = cprocess_log_create(path, max(limit, 2))
    let start = memory
    memory = []
    write(start)
  }

  mutating func write(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    if let log {
      cprocess_log_write(log, bytes, bytes.count)
    } else {
      memory = Array((memory + bytes).suffix(Self.memoryBytes))
    }
  }

  mutating func close() {
    if let log { _ = cprocess_log_finish(log) }
    log = nil
  }
}
