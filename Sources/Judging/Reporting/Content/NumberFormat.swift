import Glibc

/// Numbers as text, the same on every machine and in every locale.
package enum NumberFormat {
  /// A value that does not exist.
  package static let missing = "—"

  /// Returns a number with a fixed count of decimals, a true minus sign, and no sign on zero.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    if let name = nameOfNonFinite(value) { return name }
    let text = formatted(abs(value), decimals)
    let isZero = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    return value < 0 && !isZero ? "−" + text : text
  }

  /// Returns a number rounded to significant digits; beyond 10⁻⁵ and 10⁷ as a power of ten.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    if let name = nameOfNonFinite(value) { return name }
    guard value != 0 else { return "0" }
    let exponent = exponent(of: value, digits: digits)
    guard exponent < -5 || exponent > 6 else { return fixed(value, min(max(digits - 1 - exponent, 0), 15)) }
    let mantissa = fixed(value / pow(10, Double(exponent)), digits - 1)
    return "\(mantissa) × 10\(superscript(exponent))"
  }

  /// Returns the decimals at which a spread shows two significant digits, at least `minimum` and at most 9.
  package static func decimals(forSpread spread: Double?, atLeast minimum: Int) -> Int {
    guard let spread, spread.isFinite, spread > 0 else { return minimum }
    return min(max(minimum, 1 - exponent(of: spread, digits: 2)), 9)
  }

  /// Returns a number in the shortest form of at most `digits` decimals.
  ///
  /// - Parameters:
  ///   - value: Any number.
  ///   - digits: Most decimals.
  ///   - minus: The sign of numbers below zero; files for programs need "-".
  /// - Returns: The text.
  package static func trimmed(_ value: Double, _ digits: Int, minus: String = "−") -> String {
    if let name = nameOfNonFinite(value) { return name }
    let text = formatted(abs(value), digits)
    var bytes = text.utf8[...]
    if bytes.contains(UInt8(ascii: ".")) {
      while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    }
    let isZero = bytes.elementsEqual([UInt8(ascii: "0")])
    let number = bytes.count == text.utf8.count ? text : String(decoding: bytes, as: UTF8.self)
    return value < 0 && !isZero ? minus + number : number
  }

  /// Returns an interval in brackets.
  package static func range(_ lower: Double, _ upper: Double, _ decimals: Int) -> String {
    "[\(fixed(lower, decimals)), \(fixed(upper, decimals))]"
  }

  private static func nameOfNonFinite(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    return nil
  }

  /// The decimal exponent after rounding: 9.996 has exponent 1 at three digits.
  private static func exponent(of value: Double, digits: Int) -> Int {
    let first = Int(floor(log10(abs(value))))
    let rounded = (abs(value) / pow(10, Double(first - digits + 1))).rounded()
    return rounded >= pow(10, Double(digits)) ? first + 1 : first
  }

  private static func formatted(_ value: Double, _ decimals: Int) -> String {
    if let text = quick(value, decimals) { return text }
    return exact(value, decimals)
  }

  /// Formats by whole numbers, or not at all where rounding could differ from that of the exact value.
  private static func quick(_ value: Double, _ decimals: Int) -> String? {
    guard powers.indices.contains(decimals) else { return nil }
    let scaled = value * powers[decimals]
    guard scaled < 1e9 else { return nil }
    let below = scaled.rounded(.down)
    let rest = scaled - below
    // The product is off by less than 1e-6 units of the last digit, so only near a half is the side in doubt.
    guard abs(rest - 0.5) > 1e-6 else { return nil }
    var number = Int(below) + (rest > 0.5 ? 1 : 0)
    let pointSize = decimals > 0 ? 1 : 0
    var length = 1 + decimals + pointSize
    var limit = Int(powers[decimals]) * 10
    while number >= limit {
      limit *= 10
      length += 1
    }
    return String(unsafeUninitializedCapacity: length) { buffer in
      var place = length - 1
      while place >= 0 {
        if decimals > 0, place == length - 1 - decimals {
          buffer[place] = UInt8(ascii: ".")
        } else {
          buffer[place] = UInt8(ascii: "0") + UInt8(number % 10)
          number /= 10
        }
        place -= 1
      }
      return length
    }
  }

  private static let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1e6, 1e7, 1e8]

  private static func exact(_ value: Double, _ decimals: Int) -> String {
    withVaList([Int32(decimals), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400)
      let length = vsnprintf(&buffer, buffer.count, "%.*f", arguments)
      return String(decoding: buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map(UInt8.init), as: UTF8.self)
    }
  }

  private static func superscript(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let text = String(abs(exponent)).utf8.map { digits[Int($0 - UInt8(ascii: "0"))] }
    return (exponent < 0 ? "⁻" : "") + String(text)
  }
}
