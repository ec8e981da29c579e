/// Guesses which bracket of a broken text was left open, as a person does: by indentation.
enum UnclosedBracket {
  private struct Open {
    var kind: UInt8
    var offset: Int
    var line: Int
    var indentation: Int
  }

  /// Returns the first bracket whose closing one is of another kind, stands further left than its line, or is missing where the text ends
  /// or a member begins that cannot be one of it.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - place: Where the parser gave up; what follows is not looked at.
  /// - Returns: The bracket and its offset; `nil` if all brackets up to the place look closed or still open.
  static func find(in bytes: [UInt8], before place: Int) -> (kind: UInt8, offset: Int)? {
    var open: [Open] = []
    var position = 0
    var line = 0
    var indentation = 0
    var isLineStart = true
    let end = min(bytes.count, place + 1)
    while position < end {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        indentation = 0
        isLineStart = true
        position += 1
        continue
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if isLineStart { indentation += 1 }
        position += 1
        continue
      case UInt8(ascii: "\""):
        position = endOfString(bytes, position)
      case UInt8(ascii: "/"):
        while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(Open(kind: byte, offset: position, line: line, indentation: indentation))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard let last = open.popLast() else { return nil }
        // In ASCII a closing bracket is two after its opening one.
        let isOutdented = isLineStart && line > last.line && indentation < last.indentation
        if last.kind + 2 != byte || isOutdented { return (last.kind, last.offset) }
      default: break
      }
      isLineStart = false
      position += 1
    }
    guard place < bytes.count else { return open.last.map { ($0.kind, $0.offset) } }
    // The byte at the place has been taken in already if it opens a bracket.
    if bytes[place] == UInt8(ascii: "{") || bytes[place] == UInt8(ascii: "[") { open.removeLast() }
    guard let last = open.last else { return nil }
    let previous = bytes[..<place].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let isColonInList = last.kind == UInt8(ascii: "[") && bytes[place] == UInt8(ascii: ":")
    let isValueForKey =
      last.kind == UInt8(ascii: "{") && previous == UInt8(ascii: ",") && "{[".utf8.contains(bytes[place])
    return isColonInList || isValueForKey ? (last.kind, last.offset) : nil
  }

  /// Returns the offset of a string's closing quotation mark, or of the line's last byte.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\n") { return position - 1 }
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return position
  }
}
