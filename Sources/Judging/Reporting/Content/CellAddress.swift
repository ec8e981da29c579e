/// How a single number of a report is called: "exp1:table1:2:time-swiftbrush".
enum CellAddress {
  /// Returns a text of letters, digits, `.`, `_` and `-` for use in an address; other characters become one `-`.
  static func slug(_ text: String) -> String {
    var result: [UInt8] = []
    let dash = UInt8(ascii: "-")
    // The true minus sign is three bytes of UTF-8.
    var rest = text.hasPrefix("−") ? [dash] + text.utf8.dropFirst(3) : Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        result.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): result.append(byte | 0x20)
      // -1 and 1 are different numbers.
      case dash where result.isEmpty: result.append(dash)
      default: if !result.isEmpty, result.last != dash { result.append(dash) }
      }
    }
    while result.last == dash { result.removeLast() }
    return result.isEmpty ? "x" : String(decoding: result, as: UTF8.self)
  }

  /// Returns slugs of which none occurs twice: a repeated one gets a number.
  static func distinctSlugs(_ texts: [String]) -> [String] {
    var used: Set<String> = []
    // Many equal ones do not try each number again.
    var next: [String: Int] = [:]
    return texts.map { text in
      let base = slug(text)
      var candidate = base
      var number = next[base] ?? 2
      defer { next[base] = number }
      while !used.insert(candidate).inserted {
        candidate = "\(base)-\(number)"
        number += 1
      }
      return candidate
    }
  }
}
