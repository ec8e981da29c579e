import JSON

/// A number as its decimal digits say it: `0.1` is exactly a tenth.
///
/// The value is `significand · 10^exponent`. Of a double these are the fewest digits that read back as it, which are those a person wrote.
struct ExactDecimal {
  private(set) var significand: Int128
  private(set) var exponent: Int

  /// Takes over a number; `nil` for any other value.
  init?(_ value: JSONValue) {
    switch value {
    case .integer(let whole): self.init(digits: Int128(whole), exponent: 0)
    case .number(let real): self.init(text: real.description)
    default: return nil
    }
  }

  private init(digits: Int128, exponent: Int) {
    significand = digits
    self.exponent = exponent
    while significand != 0, significand % 10 == 0 {
      significand /= 10
      self.exponent += 1
    }
    if significand == 0 { self.exponent = 0 }
  }

  /// Reads a text such as `-1.25e-07`.
  private init?(text: String) {
    let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    guard let digits = parts.first, parts.count <= 2 else { return nil }
    let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, let power = parts.count == 2 ? Int(parts[1]) : 0,
      let significand = Int128(halves.joined())
    else { return nil }
    self.init(digits: significand, exponent: power - (halves.count == 2 ? halves[1].count : 0))
  }

  /// Returns the significand for a smaller exponent; `nil` if it needs more than 128 bits.
  func significand(forExponent smaller: Int) -> Int128? {
    guard significand != 0 else { return 0 }
    var result = significand
    for _ in smaller..<max(smaller, exponent) {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }
}
