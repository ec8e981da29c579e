/// A place in a text as people count it.
public struct SourceLocation: Sendable, Hashable, Comparable {
  /// 1-based line.
  public var line: Int
  /// 1-based column in characters (not bytes), so that a caret stands right under non-ASCII text.
  public var column: Int

  /// Makes a location.
  ///
  /// - Parameters:
  ///   - line: 1-based line.
  ///   - column: 1-based column in characters.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Orders locations as they are read.
  ///
  /// - Parameters:
  ///   - left: A location.
  ///   - right: Another location.
  /// - Returns: Whether `left` comes first.
  public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// The bytes of a text file with a table of its lines.
public struct SourceText: Sendable {
  /// The file's name as messages show it.
  public let name: String
  /// The content, UTF-8.
  public let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Makes a source from bytes.
  ///
  /// - Parameters:
  ///   - name: The file's name as messages show it.
  ///   - bytes: The content.
  /// - Complexity: O(number of bytes).
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// Makes a source from a string.
  ///
  /// - Parameters:
  ///   - name: The file's name as messages show it.
  ///   - text: The content.
  public init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The number of lines; an empty text has one.
  public var lineCount: Int { lineStarts.count }

  /// Returns the line and column of a byte.
  ///
  /// Columns beyond 64 KiB into a line count Unicode scalars, which takes far less time than finding the characters of such a line.
  ///
  /// - Parameter offset: Byte offset; values beyond the text are taken as its end.
  /// - Returns: 1-based line, and 1-based column in characters.
  /// - Complexity: O(log lines + length of the line).
  public func location(at offset: Int) -> SourceLocation {
    let offset = min(max(offset, 0), bytes.count)
    let line = line(at: offset)
    let before = bytes[lineStarts[line]..<offset]
    let count =
      before.count > 1 << 16
      ? before.count { $0 & 0xC0 != 0x80 } : String(decoding: before, as: UTF8.self).count
    return SourceLocation(line: line + 1, column: count + 1)
  }

  /// Returns where the line of a byte stands.
  ///
  /// - Parameter offset: Byte offset; values beyond the text are taken as its end.
  /// - Returns: Byte range of the line without its line ending.
  /// - Complexity: O(log lines).
  public func lineRange(at offset: Int) -> Range<Int> { range(ofLine: line(at: min(max(offset, 0), bytes.count))) }

  /// The 0-based line of a byte within the text.
  private func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func range(ofLine line: Int) -> Range<Int> {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Returns the text of a line without its line ending.
  ///
  /// - Parameter line: 1-based line.
  /// - Returns: The text, empty if there is no such line.
  public func text(ofLine line: Int) -> String {
    guard lineStarts.indices.contains(line - 1) else { return "" }
    return String(decoding: bytes[range(ofLine: line - 1)], as: UTF8.self)
  }
}
