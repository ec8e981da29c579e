/// Comma-separated values by RFC 4180, for spreadsheets and their users.
public enum CSVLine {
  /// Returns one line, its end (CR LF) included.
  ///
  /// Control characters are made visible; line feeds and tabs stay. A text that a spreadsheet would run as a formula gets an apostrophe
  /// in front, which spreadsheets take for "this is text". Numbers stay numbers.
  ///
  /// - Parameter fields: Any texts.
  /// - Returns: The fields, quoted where they have to be.
  public static func text(of fields: [String]) -> String {
    fields.map { quoted(inert($0.printable)) }.joined(separator: ",") + "\r\n"
  }

  /// A text that is no formula.
  private static func inert(_ field: String) -> String {
    switch field.utf8.first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\n"):
      Double(field) == nil ? "'" + field : field
    default: field
    }
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A].contains($0) }
    return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}
