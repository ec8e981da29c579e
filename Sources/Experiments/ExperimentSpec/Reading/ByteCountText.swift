/// Reads amounts of memory as people write them.
enum ByteCountText {
  /// What is accepted, for messages.
  static let expectation = "a number of bytes, or a text such as '512M', '2G' or '1.5GiB'"

  /// Returns the bytes of a text: a number followed by `K`, `M`, `G` or `T`, all powers of 1024, and perhaps by `B` or `iB`.
  static func bytes(_ text: String) -> Double? {
    var digits = text[...]
    for ending in ["iB", "B"] where digits.hasSuffix(ending) {
      digits = digits.dropLast(ending.count)
      break
    }
    let shifts: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    guard let unit = digits.popLast(), let factor = shifts[unit], !digits.isEmpty,
      digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(digits)
    else { return nil }
    return value * factor
  }
}
