import JSON
import TestSupport

/// Changes one value of one of the JSON texts in an input, which stand on lines or between zero bytes.
enum JSONMutator {
  /// What takes the place of values.
  private static let values = [
    "0", "-1", "1", "2", "1.0", "0.1", "1e308", "-1e-308", "1e400", "9223372036854775807", "-9223372036854775808",
    "9007199254740993", "9e16", "1e15", "NaN", "Infinity", "-Infinity", "null", "true", "false", "[]", "{}", "[[1]]",
    "\"\"", "\"x\"", "\"-1\"", "\"NaN\"", "\"1h\"", "\"0s\"", "\"99999h\"", "\"4 GiB\"", "\"9999999 TiB\"",
    "\"${seed}\"", "\"${steps}${seed}\"", "\"${\"", "\"$${x}\"", "\"${inputs.a}\"", "\"${outputDirectory}\"",
    "\"a\\u0000b\"", "\"a\\nb\"", "\"\\u001b[2J\"", "\"../../evil\"", "\"/etc/passwd\"", "\"/dev/zero\"", "\".\"",
    "\"index\"", "\"con\"", "\"e\\u0301\"", "\"\u{e9}\"", "\"\\ud800\"", "\"0-1\"", "\"image.png\"", "\"folder\"",
    "[1, 1.0]", "[\"a\", 1, false]", "{\"from\": 1, \"to\": 5}", "{\"from\": 0, \"to\": 1, \"by\": 0.1}",
    "{\"from\": 9223372036854775807, \"to\": 9223372036854775807}", "{\"from\": 1e300, \"to\": 1e308, \"by\": 1e300}",
    "{\"from\": -9223372036854775808, \"to\": 0, \"by\": 9223372036854775807}",
    "{\"a\": \"${b}\", \"b\": \"${a}\"}", "{\"stage\": \"coarse\", \"artifact\": \"image\"}",
  ]

  /// Returns the changed input; `nil` if none of its texts is JSON.
  static func mutant(of bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8]? {
    var pieces = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    if pieces.count == 1, tree(of: bytes) == nil {
      pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }
    let separator = pieces.count > 1 && !bytes.contains(0) ? UInt8(ascii: "\n") : 0
    guard let index = pieces.indices.randomElement(using: &random) else { return nil }
    if pieces.count > 1 {
      // Whole messages are doubled, left out and moved as well.
      switch random.below(12) {
      case 0: pieces.insert(pieces[index], at: random.below(pieces.count))
      case 1: pieces.remove(at: index)
      case 2: pieces.swapAt(index, random.below(pieces.count))
      default: break
      }
    }
    guard pieces.indices.contains(index), let tree = tree(of: pieces[index]) else { return nil }
    change(&pieces[index], tree, &random)
    return Array(pieces.joined(separator: [separator]))
  }

  private static func tree(of text: [UInt8]) -> LocatedJSON? {
    try? LocatedJSON(parsing: SourceText(name: "x", bytes: text), dialect: .relaxed)
  }

  /// Replaces, doubles, nests, renames or removes a member or an element.
  private static func change(_ text: inout [UInt8], _ tree: LocatedJSON, _ random: inout SeededGenerator) {
    var places: [Range<Int>] = []
    var keys: [Range<Int>] = []
    collect(tree, &places, &keys)
    guard let place = places.randomElement(using: &random), let other = places.randomElement(using: &random) else {
      return
    }
    let value = Array((values.randomElement(using: &random) ?? "0").utf8)
    switch random.below(10) {
    case 0, 1: text.replaceSubrange(place, with: Array(text[other]))
    case 2:
      let depth = 1 + random.below(300)
      let (open, close) = (UInt8(ascii: "["), UInt8(ascii: "]"))
      text.replaceSubrange(
        place, with: [UInt8](repeating: open, count: depth) + value + [UInt8](repeating: close, count: depth))
    case 3:
      let list = Array(repeating: String(decoding: value, as: UTF8.self), count: 2 + random.below(100))
      text.replaceSubrange(place, with: Array("[\(list.joined(separator: ", "))]".utf8))
    case 4:
      guard let key = keys.randomElement(using: &random), let name = keys.randomElement(using: &random) else { return }
      text.replaceSubrange(key, with: Array(text[name]))
    case 5:
      // A list of what stands there, or the same member again.
      let original = Array(text[place])
      text.replaceSubrange(place, with: Array("[".utf8) + original + Array(", ".utf8) + original + Array("]".utf8))
    default: text.replaceSubrange(place, with: value)
    }
  }

  private static func collect(_ node: LocatedJSON, _ places: inout [Range<Int>], _ keys: inout [Range<Int>]) {
    places.append(node.range)
    for element in node.elements ?? [] { collect(element, &places, &keys) }
    for member in node.members ?? [] {
      keys.append(member.keyRange)
      collect(member.value, &places, &keys)
    }
  }
}
