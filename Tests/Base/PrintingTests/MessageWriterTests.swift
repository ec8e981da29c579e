import Glibc
import Printing
import Testing

@Suite struct Messages {
  /// What would be written now; empty if nothing.
  private func taken(from pending: inout PendingMessages) -> String {
    String(decoding: pending.take() ?? [], as: UTF8.self)
  }

  @Test func `that wait keep the latest status and all lines`() {
    var pending = PendingMessages(byteLimit: 1000)
    var texts = [taken(from: &pending)]
    pending.add("one\n")
    for status in 1...100 { pending.status = "\(status) %" }
    texts.append(taken(from: &pending))
    texts.append(taken(from: &pending))
    pending.add("two\n")
    texts.append(taken(from: &pending))
    pending.status = nil
    texts.append(taken(from: &pending))
    texts.append(taken(from: &pending))
    #expect(texts == ["", "one\n100 %", "", "\r\u{1B}[Ktwo\n100 %", "\r\u{1B}[K", ""])
  }

  @Test func `that nobody takes fill no memory, and the latest are kept`() {
    var pending = PendingMessages(byteLimit: 1000)
    for line in 1...10_000 { pending.add("line \(line)\n") }
    let text = taken(from: &pending)
    #expect(text.utf8.count < 1200)
    #expect(text.hasSuffix("line 10000\n"))
    let shown = text.split(separator: "\n").dropFirst().count
    #expect(
      text.hasPrefix("… \(10_000 - shown) messages are left out: nobody took them in time\n"), "\(text.prefix(80))")
    pending.add(String(repeating: "x", count: 5000))
    #expect(taken(from: &pending).utf8.count < 1000)
  }

  @Test func `never wait for a reader that does not read`() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let writer = MessageWriter(descriptor: ends[1])
    // The pipe holds 64 KiB; the rest would wait for ever.
    let line = String(repeating: "x", count: 1023) + "\n"
    for _ in 0..<2000 { writer.write(line) }
    writer.show(status: "status")
    writer.flush(seconds: 0.01)
    writer.flush(seconds: 3600)
    close(ends[0])
    writer.flush(seconds: 3600)
  }

  @Test func `arrive in order where somebody reads`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let writer = MessageWriter(descriptor: ends[1])
    for line in 1...1000 { writer.write("\(line)\n") }
    writer.flush(seconds: 3600)
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(ends[0], &bytes, bytes.count)
    close(ends[0])
    #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == (1...1000).map { "\($0)\n" }.joined())
  }

  @Test func `that cannot be written are dropped`() {
    let full = open("/dev/full", O_WRONLY)
    let writer = MessageWriter(descriptor: full)
    writer.write("lost\n")
    writer.flush(seconds: 3600)
    let closed = MessageWriter(descriptor: -1)
    closed.write("lost too\n")
    closed.flush(seconds: 3600)
    close(full)
    #expect(DescriptorWriting.write([1], to: -1) == EBADF)
  }
}
