import Printing

/// Makes Markdown harmless that a page takes over from a spec: it may emphasise and link, but not run or hide anything.
package enum InertMarkdown {
  /// Returns the text with its tags as text, its links to what could run switched off, and its control characters visible.
  ///
  /// Text in code spans and after backslashes shows literally anyway and stays.
  package static func text(_ source: String) -> String {
    let source = source.printable
    guard source.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "]") }) else { return source }
    var rest = Array(source.utf8)[...]
    var result: [UInt8] = []
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "\\"): move(2, &rest, &result)
      case UInt8(ascii: "`"): move(codeLength(rest), &rest, &result)
      case UInt8(ascii: "<"):
        if beginsTag(rest.dropFirst()) { result.append(UInt8(ascii: "\\")) }
        move(1, &rest, &result)
      case UInt8(ascii: "]"):
        move(1, &rest, &result)
        if rest.first == UInt8(ascii: "(") || rest.first == UInt8(ascii: ":") && beginsLine(result) {
          moveTarget(&rest, &result)
        }
      default: move(1, &rest, &result)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a link leads to a page or a place in one, and runs nothing.
  ///
  /// - Parameter target: As an author writes it.
  /// - Returns: Whether it is relative or of a scheme that is known to be harmless.
  static func isSafe(_ target: some StringProtocol) -> Bool {
    let start = target.prefix { $0 != "/" && $0 != "#" && $0 != "?" }.lowercased()
    // Entities and escapes could spell a colon.
    guard start.contains(where: { $0 == ":" || $0 == "&" || $0 == "\\" }) else { return true }
    return ["http:", "https:", "mailto:"].contains { start.hasPrefix($0) }
  }

  private static func move(_ count: Int, _ rest: inout ArraySlice<UInt8>, _ result: inout [UInt8]) {
    result += rest.prefix(count)
    rest = rest.dropFirst(count)
  }

  /// The bytes of a code span that begins here; those of the backticks alone if none ends it.
  private static func codeLength(_ bytes: ArraySlice<UInt8>) -> Int {
    let fence = bytes.prefix { $0 == UInt8(ascii: "`") }.count
    var position = bytes.startIndex + fence
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "`")) {
      let length = bytes[start...].prefix { $0 == UInt8(ascii: "`") }.count
      position = start + length
      if length == fence { return position - bytes.startIndex }
    }
    return fence
  }

  /// Whether the brackets that end here stand at the beginning of a line, as in `[name]: target`.
  private static func beginsLine(_ bytes: [UInt8]) -> Bool {
    let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return bytes[start...].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "[")
  }

  private static func beginsTag(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let byte = bytes.first else { return false }
    return switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"),
      UInt8(ascii: "!"), UInt8(ascii: "?"):
      true
    default: false
    }
  }

  /// Takes over what a link or a definition leads to; in front of what could run comes a `#`, which makes a place in the page of it.
  private static func moveTarget(_ rest: inout ArraySlice<UInt8>, _ result: inout [UInt8]) {
    move(1, &rest, &result)
    move(rest.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.count, &rest, &result)
    if rest.first == UInt8(ascii: "<") { move(1, &rest, &result) }
    let target = rest.prefix {
      ![UInt8(ascii: ")"), UInt8(ascii: ">"), UInt8(ascii: " "), UInt8(ascii: "\n")].contains($0)
    }
    if !isSafe(String(decoding: target, as: UTF8.self)) { result.append(UInt8(ascii: "#")) }
  }
}
