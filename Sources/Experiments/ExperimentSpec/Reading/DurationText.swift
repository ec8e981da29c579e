/// Reads durations as people write them.
enum DurationText {
  /// What is accepted, for messages.
  static let expectation = "a number of seconds, or a text such as '90s', '10m' or '1.5h'"

  /// Returns the seconds of a text: a number followed by `s`, `m` or `h`.
  static func seconds(_ text: String) -> Double? {
    let factor: Double
    switch text.last {
    case "s": factor = 1
    case "m": factor = 60
    case "h": factor = 3600
    default: return nil
    }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(digits)
    else { return nil }
    return value * factor
  }
}
