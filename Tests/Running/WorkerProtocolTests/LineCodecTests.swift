import JSON
import Testing
import WorkerProtocol

@Suite struct LineCodecTests {
  private func texts(_ lines: [[UInt8]]) -> [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

  @Test(arguments: 1...7)
  func `lines may be cut anywhere`(size: Int) throws {
    var codec = LineCodec()
    let bytes = Array("{\"a\":1}\r\n\n\nzwei\nü\nrest".utf8)
    var lines: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      lines += try codec.append(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    #expect(texts(lines) == ["{\"a\":1}", "zwei", "ü"])
    #expect(texts(try codec.append(Array("!\n".utf8))) == ["rest!"])
  }

  @Test func `a line that is too long is an error and the memory is freed`() throws {
    var codec = LineCodec(maximumLineBytes: 10)
    #expect(texts(try codec.append(Array("0123456789\n".utf8))) == ["0123456789"])
    let error = #expect(throws: WorkerProtocolError.self) { try codec.append(Array("01234567890".utf8)) }
    #expect(error?.code == .lineTooLong)
    #expect(error?.message == "a line is longer than 10 bytes; it begins with '01234567890'")
  }

  @Test func `a message stays one line`() {
    let line = LineCodec.encode(["text": "a\nb"])
    #expect(line.filter { $0 == 10 }.count == 1)
    #expect(line.last == 10)
  }
}
