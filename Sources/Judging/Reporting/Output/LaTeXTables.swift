import ResultsStore

/// Writes the tables of a page for LaTeX, with the rules of the package booktabs.
///
/// Words wrap in columns of their own width; a table that is wider than the line is made smaller, and a long one is cut.
package enum LaTeXTables {
  /// Rows that fit on a page.
  static let rowsPerPage = 40

  /// Returns one `table` environment for each table of the page, labelled `tab:EXPERIMENT:NAME`.
  static func text(of content: PageContent) -> String {
    let remark =
      "% Tables of experiment \(content.results.name), run \(content.results.run.id), plan "
      + "\(LaTeXText.escaped(content.results.planHash)).\n"
      + "% Use with \\usepackage{array,booktabs,graphicx}; made by `report build --format latex`.\n"
    var text = ""
    var heading = ""
    for block in content.blocks {
      switch block {
      case .heading(let title): heading = title
      case .table(let model, let name) where name != "jobs":
        text += table(model, caption: heading, label: "tab:\(content.results.name):\(name)")
      case .details(let title, let model, let name):
        text += table(model, caption: "\(heading). \(title)", label: "tab:\(content.results.name):\(name)")
      case .title, .verdicts, .paragraph, .table, .chart, .figure, .log, .rule: break
      }
    }
    return remark + LaTeXText.preamble(for: text) + text
  }

  private static func table(_ model: TableModel, caption: String, label: String) -> String {
    let pages = max(1, (model.rows.count + rowsPerPage - 1) / rowsPerPage)
    return (0..<pages).map { page in
      var part = model
      part.rows = Array(
        model.rows[min(page * rowsPerPage, model.rows.count)..<min((page + 1) * rowsPerPage, model.rows.count)])
      let words = inline(unnumbered(caption))
      let title = page == 0 ? words : "\(words) (continued)"
      return
        "\n\\begin{table}\n  \\centering\n  \\caption{\(title)}\n  \\label{\(label)\(page == 0 ? "" : ":\(page + 1)")}\n"
        + "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"
        + tabular(part) + "  }\n\\end{table}\n"
    }.joined()
  }

  /// Returns a caption without the number that LaTeX gives it: "Table 1: Times" becomes "Times".
  package static func unnumbered(_ caption: String) -> String {
    guard let match = caption.prefixMatch(of: /Table\s+[0-9]+[a-z]?\s*[:.]\s*/),
      match.range.upperBound < caption.endIndex
    else { return caption }
    return String(caption[match.range.upperBound...])
  }

  private static func tabular(_ model: TableModel) -> String {
    var text =
      "  \\begin{tabular}{@{}\(columns(model))@{}}\n    \\toprule\n" + heads(model) + "    \\midrule\n"
    var isSummary = false
    for (row, cells) in model.rows.enumerated() {
      // The paper sets its mean and deviation apart.
      if !isSummary, cells.first?.hasPrefix("**") == true, model.rows.first?.first?.hasPrefix("**") != true {
        text += "    \\midrule\n"
        isSummary = true
      } else if row > 0, model.groupColumns > 0, !model.repeatsGroup(row: row, column: 0) {
        text += "    \\addlinespace\n"
      }
      text += "    " + line(model.cells(ofRow: row), of: model)
    }
    return text + "    \\bottomrule\n  \\end{tabular}%\n"
  }

  private static func line(_ cells: [String], of model: TableModel) -> String {
    model.header.indices.map { $0 < cells.count ? inline(cells[$0]) : "" }.joined(separator: " & ") + " \\\\\n"
  }

  /// The heads level by level, those that span columns centred above a rule of their width.
  private static func heads(_ model: TableModel) -> String {
    guard !model.spanningHeads.isEmpty else { return "    " + line(model.header, of: model) }
    return model.spanningHeads.map { heads in
      var column = 1
      var rules = ""
      let cells = heads.map { head -> String in
        defer { column += head.span }
        guard head.span > 1 else { return inline(head.text) }
        if !head.text.isEmpty { rules += "\\cmidrule(lr){\(column)-\(column + head.span - 1)}" }
        return "\\multicolumn{\(head.span)}{c}{\(inline(head.text))}"
      }
      return "    " + cells.joined(separator: " & ") + " \\\\\n" + (rules.isEmpty ? "" : "    \(rules)\n")
    }.joined()
  }

  /// Numbers stand to the right; columns of sentences wrap.
  private static func columns(_ model: TableModel) -> String {
    model.alignments.indices.map { column in
      guard model.alignments[column] == .leading else { return "r" }
      let longest = model.rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
      let width = longest > 60 ? "4.2cm" : longest > 24 ? "2.8cm" : ""
      return width.isEmpty ? "l" : ">{\\raggedright\\arraybackslash}p{\(width)}"
    }.joined()
  }

  /// Returns inline Markdown as LaTeX.
  static func inline(_ text: String) -> String {
    latex(InlineMarkdown.parse(text))
  }

  private static func latex(_ pieces: [InlineMarkdown]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): LaTeXText.escaped(text)
      case .code(let text): "\\texttt{\(LaTeXText.escaped(text))}"
      case .strong(let inner): "\\textbf{\(latex(inner))}"
      case .emphasis(let inner): "\\emph{\(latex(inner))}"
      case .link(let inner, _): latex(inner)
      }
    }.joined()
  }
}
