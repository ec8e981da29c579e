/// What a name that comes from outside must be before it is stored, printed and looked for.
enum MeasurementName {
  /// Longest name in bytes.
  static let longest = 1024

  /// What a name has to be instead; `nil` if it is one.
  ///
  /// A zero byte would end the name in the database, and what moves a terminal's cursor is no name.
  static func flaw(of name: String, allowsEmpty: Bool = false) -> String? {
    if name.isEmpty { return allowsEmpty ? nil : "a name, not an empty text" }
    if name.utf8.count > longest { return "a text of at most \(longest) bytes, not \(name.utf8.count)" }
    guard let control = name.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) else {
      return nil
    }
    let digits = String(control.value, radix: 16, uppercase: true)
    return "a text without control characters, not one with U+" + String(repeating: "0", count: 4 - digits.count)
      + digits
  }
}
