/// Reads little-endian numbers from bytes and refuses to go beyond their end.
struct ByteReader {
  let bytes: [UInt8]
  let path: String
  var position: Int

  init(_ bytes: [UInt8], path: String, position: Int = 0) {
    self.bytes = bytes
    self.path = path
    self.position = position
  }

  /// Returns the next byte.
  mutating func byte() throws(PerceptualNetworkError) -> UInt8 {
    guard position >= 0, position < bytes.count else { throw cut() }
    position += 1
    return bytes[position - 1]
  }

  /// Returns the next `count` bytes as an unsigned number, the lowest first.
  mutating func number(_ count: Int) throws(PerceptualNetworkError) -> UInt64 {
    var result: UInt64 = 0
    for index in 0..<count { result |= UInt64(try byte()) << UInt64(8 * index) }
    return result
  }

  /// Returns a number of `count` bytes as a size or position.
  mutating func size(_ count: Int) throws(PerceptualNetworkError) -> Int {
    guard let value = Int(exactly: try number(count)) else { throw cut() }
    return value
  }

  /// Returns the next bytes.
  mutating func slice(_ count: Int) throws(PerceptualNetworkError) -> ArraySlice<UInt8> {
    guard count >= 0, position >= 0, position <= bytes.count, count <= bytes.count - position else { throw cut() }
    position += count
    return bytes[position - count..<position]
  }

  /// Returns the next bytes as text.
  mutating func text(_ count: Int) throws(PerceptualNetworkError) -> String {
    String(decoding: try slice(count), as: UTF8.self)
  }

  /// Returns the bytes up to the next line feed as text.
  mutating func line() throws(PerceptualNetworkError) -> String {
    let start = position
    while try byte() != UInt8(ascii: "\n") {}
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private func cut() -> PerceptualNetworkError {
    malformed("it ends too early, at byte \(position)")
  }

  func malformed(_ reason: String) -> PerceptualNetworkError {
    PerceptualNetworkError(.malformed, "\(path) is damaged: \(reason); download it again")
  }
}
