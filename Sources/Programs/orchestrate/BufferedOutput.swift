import Printing

/// Standard output, written in large pieces; keeps why it failed, which the store would say in words of its own.
final class BufferedOutput {
  private(set) var failure: OutputError?
  private var buffer: [UInt8] = []

  /// Writes text for programs, as it is; on a terminal control characters are made visible.
  func write(_ text: String) throws(OutputError) {
    buffer += text.utf8
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Writes a line for people, with its control characters made visible.
  func writeLine(_ text: String) throws(OutputError) { try write(text.printableLine + "\n") }

  /// Writes what is left; to be called at the end.
  func flush() throws(OutputError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    do throws(OutputError) {
      try Terminal.write(data: buffer)
    } catch {
      failure = error
      throw error
    }
  }
}
