public import JSON

/// Cuts a stream of bytes into lines of bounded length, and writes messages as lines.
public struct LineCodec: Sendable {
  /// Bytes of the line that is not complete yet.
  private var pending: [UInt8] = []
  private let maximumLineBytes: Int

  /// Creates an empty codec.
  ///
  /// - Parameter maximumLineBytes: A longer line is an error, so that a flood cannot fill the memory.
  public init(maximumLineBytes: Int = 16 << 20) {
    self.maximumLineBytes = maximumLineBytes
  }

  /// Takes the next bytes of the stream and returns the lines that they complete.
  ///
  /// Empty lines are left out; a carriage return before the line end is dropped.
  ///
  /// - Parameter bytes: Any number of bytes; lines may be cut anywhere.
  /// - Returns: The completed lines without their ends.
  /// - Throws: `WorkerProtocolError` with code `.lineTooLong`; the codec is empty afterwards.
  /// - Complexity: O(bytes).
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(WorkerProtocolError) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      try extend(with: rest[..<end])
      if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
      if !pending.isEmpty { lines.append(pending) }
      pending = []
      rest = rest[(end + 1)...]
    }
    try extend(with: rest)
    return lines
  }

  /// Takes the next bytes of the stream from an array.
  ///
  /// - Parameter bytes: Any number of bytes.
  /// - Returns: The completed lines without their ends.
  /// - Throws: `WorkerProtocolError` with code `.lineTooLong`.
  public mutating func append(_ bytes: [UInt8]) throws(WorkerProtocolError) -> [[UInt8]] {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(WorkerProtocolError) in try append(buffer) }
    }
    return try result.get()
  }

  /// Returns a message as one line with its end.
  ///
  /// - Parameter message: Any JSON; strings keep no raw line ends, so the line stays one line.
  /// - Returns: UTF-8, ending in a line feed.
  public static func encode(_ message: JSONValue) -> [UInt8] {
    Array(message.compactText.utf8) + [UInt8(ascii: "\n")]
  }

  private mutating func extend(with bytes: Slice<UnsafeRawBufferPointer>) throws(WorkerProtocolError) {
    guard pending.count + bytes.count > maximumLineBytes else {
      pending.append(contentsOf: bytes)
      return
    }
    let beginning = String(decoding: (pending + bytes.prefix(60)).prefix(60), as: UTF8.self)
    pending = []
    throw WorkerProtocolError(
      .lineTooLong, "a line is longer than \(maximumLineBytes) bytes; it begins with '\(beginning)'")
  }
}
