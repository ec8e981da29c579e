/// How a single number of a report is called: "exp1:table1:2:time-swiftbrush".
enum CellAddress {
  /// Returns a text of letters, digits, `.`, `_` and `-` for use in an address; other characters become one `-`.
  static func slug(_ text: String) -> String {
    var result = ""
    for character in text.lowercased().replacing("−", with: "-") {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber || character == ".")
      // -1 and 1 are different numbers.
      let isSign = character == "-" && result.isEmpty
      if isPlain || character == "_" || isSign {
        result.append(character)
      } else if !result.isEmpty, result.last != "-" {
        result.append("-")
      }
    }
    while result.last == "-" { result.removeLast() }
    return result.isEmpty ? "x" : result
  }

  /// Returns slugs of which none occurs twice: a repeated one gets a number.
  static func distinctSlugs(_ texts: [String]) -> [String] {
    var used: Set<String> = []
    return texts.map { text in
      let base = slug(text)
      var candidate = base
      var number = 2
      while !used.insert(candidate).inserted {
        candidate = "\(base)-\(number)"
        number += 1
      }
      return candidate
    }
  }
}
