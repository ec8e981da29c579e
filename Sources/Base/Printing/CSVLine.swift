/// Comma-separated values by RFC 4180, for spreadsheets, their users, and programs.
public enum CSVLine {
  /// Returns one line, its end (CR LF) included.
  ///
  /// Ends of lines and tabs inside a text stay; other control characters are made visible. A text that a spreadsheet would run as a formula
  /// gets an apostrophe in front, which spreadsheets take for "this is text"; so does one that begins with apostrophes and would be a
  /// formula without them, so that taking one off gives the text back. Numbers stay numbers.
  ///
  /// - Parameter fields: Any texts.
  /// - Returns: The fields, quoted where they have to be.
  public static func text(of fields: [String]) -> String {
    fields.map { quoted(inert($0.printableData)) }.joined(separator: ",") + "\r\n"
  }

  /// A text that is no formula.
  private static func inert(_ field: String) -> String {
    switch field.utf8.first(where: { $0 != UInt8(ascii: "'") }) {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      Double(field) == nil ? "'" + field : field
    default: field
    }
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return field }
    // By scalars: a carriage return and a line feed, or a quotation mark and an accent, are one character.
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in field.unicodeScalars {
      if scalar == "\"" { result.append(scalar) }
      result.append(scalar)
    }
    result.append("\"")
    return String(result)
  }
}
