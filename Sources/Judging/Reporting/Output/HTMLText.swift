import Printing

/// Small pieces of HTML.
enum HTMLText {
  /// Returns inline Markdown as HTML.
  static func inline(_ text: String) -> String {
    text.utf8.contains { byte in
      byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "[")
    }
      ? html(InlineMarkdown.parse(text)) : XMLText.escaped(text)
  }

  /// Returns a paragraph of Markdown as HTML blocks: lists, quotations, headings, paragraphs.
  static func blocks(_ text: String) -> String {
    var result = ""
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.first {
      if line.hasPrefix("- ") {
        let items = lines.prefix { $0.hasPrefix("- ") }
        lines = lines.dropFirst(items.count)
        result += "<ul>" + items.map { "<li>\(inline(String($0.dropFirst(2))))</li>" }.joined() + "</ul>\n"
      } else if line.hasPrefix("> ") {
        let quoted = lines.prefix { $0.hasPrefix("> ") }
        lines = lines.dropFirst(quoted.count)
        result += "<blockquote><p>\(inline(quoted.map { $0.dropFirst(2) }.joined(separator: " ")))</p></blockquote>\n"
      } else if line.hasPrefix("#") {
        result += "<h3>\(inline(String(line.drop { $0 == "#" || $0 == " " })))</h3>\n"
        lines = lines.dropFirst()
      } else if line.allSatisfy(\.isWhitespace) {
        lines = lines.dropFirst()
      } else {
        let words = lines.prefix { !($0.allSatisfy(\.isWhitespace) || $0.hasPrefix("- ") || $0.hasPrefix("> ")) }
        lines = lines.dropFirst(words.count)
        result += "<p>\(inline(words.joined(separator: " ")))</p>\n"
      }
    }
    return result
  }

  /// Returns a table; cells with an address become links to their origin.
  ///
  /// - Parameters:
  ///   - model: The table.
  ///   - isSortable: Whether its headings sort it.
  ///   - anchor: Makes the anchor of an address.
  /// - Returns: HTML in a box that scrolls on narrow screens.
  static func table(_ model: TableModel, isSortable: Bool = true, anchor: (String) -> String) -> String {
    // Numbers stay on one line, words get the room to wrap well.
    let lengths = model.header.indices.map { column in
      model.rows.map { column < $0.count ? $0[column].utf8.count : 0 }.max() ?? 0
    }
    func style(_ column: Int, _ text: String = "") -> String {
      var classes: [String] = []
      if column < model.alignments.count, model.alignments[column] == .trailing {
        classes.append("n")
      } else if lengths[column] > 24 {
        classes.append(lengths[column] > 44 ? "w" : "v")
      }
      if text.hasPrefix("**reproduced") || text.hasPrefix("**holds") {
        classes.append("good")
      } else if text.hasPrefix("undecided"), ["Verdict", "Outcome"].contains(model.header[column]) {
        classes.append("open")
      } else if text.hasPrefix("**"), ["Verdict", "Outcome"].contains(model.header[column]) {
        classes.append("bad")
      }
      return classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    }
    // On a phone a row with a verdict becomes a list, so that the verdict is seen.
    let isCards = model.header.contains("Verdict")
    let labels =
      isCards ? model.header.map { " data-label=\"\(XMLText.escaped(InlineMarkdown.plain($0)))\"" } : []
    var classes: [String] = []
    // Sorting would tear groups of rows apart.
    if isSortable, model.rows.count > 1, model.groupColumns == 0, model.spanningHeads.isEmpty {
      classes.append("sortable")
    }
    if model.header.count > 4 { classes.append("dense") }
    if isCards { classes.append("cards") }
    let list = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    var html = "<div class=\"scroll\"><table\(list)><thead>"
    if model.spanningHeads.isEmpty {
      let heads = model.header.enumerated().map { "<th scope=\"col\"\(style($0))>\(inline($1))</th>" }
      html += "<tr>\(heads.joined())</tr>"
    } else {
      html += HTMLTableHeads.rows(model, style: { style($0) })
    }
    html += "</thead><tbody>\n"
    for (position, row) in model.rows.enumerated() {
      let addresses = model.addresses[position]
      html += row.first == "" ? "<tr class=\"more\">" : "<tr>"
      for column in model.header.indices where !model.repeatsGroup(row: position, column: column) {
        if column < model.groupColumns {
          html += HTMLTableHeads.group(model, row: position, column: column)
          continue
        }
        let source = column < row.count ? row[column] : ""
        let cell =
          column < model.alignments.count && model.alignments[column] == .trailing ? number(source) : inline(source)
        let label = isCards ? labels[column] : ""
        if let address = addresses?[column] {
          html += "<td\(style(column, source))\(label)>"
          html += "<a href=\"#\(XMLText.escaped(anchor(address)))\">\(cell)</a></td>"
        } else {
          html += "<td\(style(column, source))\(label)>\(cell)</td>"
        }
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// Returns a number whose interval may stand on a line of its own.
  private static func number(_ source: String) -> String {
    // Of an interval alone its level may.
    let mark = source.first == "[" ? " (" : " ["
    guard source.utf8.contains(UInt8(ascii: "[")), let start = source.firstRange(of: mark) else {
      return inline(source)
    }
    return inline(String(source[..<start.lowerBound])) + " <span class=\"i\">"
      + inline(String(source[start.lowerBound...].dropFirst())) + "</span>"
  }

  /// Returns a base64 text, as data addresses need it.
  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var start = 0
    while start < bytes.count {
      let rest = min(3, bytes.count - start)
      let group =
        UInt32(bytes[start]) << 16 | (rest > 1 ? UInt32(bytes[start + 1]) << 8 : 0)
        | (rest > 2 ? UInt32(bytes[start + 2]) : 0)
      for place in 0..<4 {
        let isPadding = place > rest
        result.append(isPadding ? UInt8(ascii: "=") : letters[Int(group >> UInt32(18 - 6 * place)) & 63])
      }
      start += 3
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func html(_ pieces: [InlineMarkdown]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): XMLText.escaped(text)
      case .code(let text): "<code>\(XMLText.escaped(text))</code>"
      case .strong([.text("Reproduced")]): "<strong class=\"good\">Reproduced</strong>"
      case .strong([.text("Holds")]): "<strong class=\"good\">Holds</strong>"
      case .strong([.text("Refuted")]): "<strong class=\"bad\">Refuted</strong>"
      case .strong([.text("Does not hold")]): "<strong class=\"bad\">Does not hold</strong>"
      case .strong(let inner): "<strong>\(html(inner))</strong>"
      case .emphasis(let inner): "<em>\(html(inner))</em>"
      case .link(let inner, let target):
        "<a href=\"\(XMLText.escaped(InertMarkdown.isSafe(target) ? target : "#"))\">\(html(inner))</a>"
      }
    }.joined()
  }
}
