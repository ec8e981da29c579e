import Dispatch
import Synchronization

/// Writes lines and a line that is drawn anew, on a queue of its own: who says something never waits for who reads it.
package final class MessageWriter: Sendable {
  /// Bytes of lines that wait at most.
  package static let byteLimit = 1 << 18

  private struct State {
    var pending = PendingMessages(byteLimit: MessageWriter.byteLimit)
    var isWriting = false
    /// Set if a wait was in vain and nothing has been written since.
    var isStalled = false
  }

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "messages")
  private let state = Mutex(State())

  /// Writes to a descriptor.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Adds lines with their ends.
  package func write(_ text: String) { change { $0.add(text) } }

  /// Draws the last line anew, or takes it away.
  package func show(status: String?) { change { $0.status = status } }

  /// Waits until all is written, or until nothing has been for some time.
  package func flush(seconds: Double) {
    guard state.withLock({ $0.isWriting && !$0.isStalled }) else { return }
    let isDone = DispatchSemaphore(value: 0)
    queue.async { isDone.signal() }
    guard isDone.wait(timeout: .now() + seconds) == .timedOut else { return }
    state.withLock { $0.isStalled = true }
  }

  private func change(_ body: (inout PendingMessages) -> Void) {
    let begins = state.withLock { state in
      body(&state.pending)
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if begins { queue.async { self.drain() } }
  }

  private func drain() {
    while let bytes = next() {
      // Progress that cannot be written is dropped: the disk behind a log may be full, the terminal closed.
      _ = DescriptorWriting.write(bytes, to: descriptor)
      state.withLock { $0.isStalled = false }
    }
  }

  private func next() -> [UInt8]? {
    state.withLock { state in
      let bytes = state.pending.take()
      if bytes == nil { state.isWriting = false }
      return bytes
    }
  }
}

/// What waits to be written: lines, of which the oldest are dropped beyond a limit, and the latest status.
package struct PendingMessages {
  package let byteLimit: Int
  /// The line to be drawn.
  package var status: String?
  private var lines: [String] = []
  private var byteCount = 0
  private var droppedCount = 0
  /// The line that stands on the terminal.
  private var drawn: String?

  /// Starts with nothing.
  package init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// Adds lines with their ends.
  package mutating func add(_ text: String) {
    lines.append(text)
    byteCount += text.utf8.count
    guard byteCount > byteLimit else { return }
    // Half at once, so that a flood costs no more than its lines.
    let kept = lines.suffix((lines.count + 1) / 2)
    droppedCount += lines.count - kept.count
    lines = kept.count == 1 ? [text.abbreviated(to: byteLimit / 8)] : Array(kept)
    byteCount = lines.reduce(0) { $0 + $1.utf8.count }
  }

  /// Takes everything out, as the bytes that bring the terminal up to date; `nil` if it is.
  package mutating func take() -> [UInt8]? {
    guard !lines.isEmpty || status != drawn else { return nil }
    var text = drawn == nil ? "" : "\r\u{1B}[K"
    if droppedCount > 0 { text += "… \(droppedCount) messages are left out: nobody took them in time\n" }
    text += lines.joined() + (status ?? "")
    lines = []
    (byteCount, droppedCount, drawn) = (0, 0, status)
    return Array(text.utf8)
  }
}
