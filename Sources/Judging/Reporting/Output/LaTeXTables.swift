import ResultsStore

/// Writes the tables of a page for LaTeX, with the rules of the package booktabs.
///
/// Words wrap in columns of their own width; a table that is wider than the line is made smaller, and a long one is cut.
package enum LaTeXTables {
  /// Rows that fit on a page.
  static let rowsPerPage = 40

  /// Returns one `table` environment for each table of the page, labelled `tab:EXPERIMENT:NAME`.
  static func text(of content: PageContent) -> String {
    var text =
      "% Tables of experiment \(content.results.name), run \(content.results.run.id), plan \(escaped(content.results.planHash)).\n"
      + "% Use with \\usepackage{array,booktabs,graphicx}; made by `report build --format latex`.\n"
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
    return text
  }

  private static func table(_ model: TableModel, caption: String, label: String) -> String {
    let pages = max(1, (model.rows.count + rowsPerPage - 1) / rowsPerPage)
    return (0..<pages).map { page in
      let rows = model.rows[min(page * rowsPerPage, model.rows.count)..<min((page + 1) * rowsPerPage, model.rows.count)]
      let words = inline(unnumbered(caption))
      let title = page == 0 ? words : "\(words) (continued)"
      return
        "\n\\begin{table}\n  \\centering\n  \\caption{\(title)}\n  \\label{\(label)\(page == 0 ? "" : ":\(page + 1)")}\n"
        + "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"
        + tabular(model, Array(rows)) + "  }\n\\end{table}\n"
    }.joined()
  }

  /// Returns a caption without the number that LaTeX gives it: "Table 1: Times" becomes "Times".
  package static func unnumbered(_ caption: String) -> String {
    guard let match = caption.prefixMatch(of: /Table\s+[0-9]+[a-z]?\s*[:.]\s*/),
      match.range.upperBound < caption.endIndex
    else { return caption }
    return String(caption[match.range.upperBound...])
  }

  private static func tabular(_ model: TableModel, _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      model.header.indices.map { $0 < cells.count ? inline(cells[$0]) : "" }.joined(separator: " & ") + " \\\\\n"
    }
    var text =
      "  \\begin{tabular}{@{}\(columns(model))@{}}\n    \\toprule\n    " + line(model.header) + "    \\midrule\n"
    var isSummary = false
    for row in rows {
      // The paper sets its mean and deviation apart.
      if !isSummary, row.first?.hasPrefix("**") == true, rows.first?.first?.hasPrefix("**") != true {
        text += "    \\midrule\n"
        isSummary = true
      }
      text += "    " + line(row)
    }
    return text + "    \\bottomrule\n  \\end{tabular}%\n"
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
      case .text(let text): escaped(text)
      case .code(let text): "\\texttt{\(escaped(text))}"
      case .strong(let inner): "\\textbf{\(latex(inner))}"
      case .emphasis(let inner): "\\emph{\(latex(inner))}"
      case .link(let inner, _): latex(inner)
      }
    }.joined()
  }

  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "[": "{[}", "]": "{]}",
    "\"": "''", "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "≥": "$\\geq$", "≤": "$\\leq$", "—": "---", "–": "--",
    "†": "$^\\dagger$", "…": "\\dots{}", "∞": "$\\infty$", "·": "$\\cdot$", "→": "$\\rightarrow$", "§": "\\S{}",
    "⁰": "$^0$", "¹": "$^1$", "²": "$^2$", "³": "$^3$", "⁴": "$^4$", "⁵": "$^5$", "⁶": "$^6$", "⁷": "$^7$",
    "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\epsilon$", "η": "$\\eta$",
    "κ": "$\\kappa$",
    "λ": "$\\lambda$", "μ": "$\\mu$", "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\phi$",
    "Δ": "$\\Delta$", "Σ": "$\\Sigma$", "↑": "$\\uparrow$", "↓": "$\\downarrow$", "≈": "$\\approx$", "√": "$\\surd$",
    "⁸": "$^8$", "⁹": "$^9$", "⁻": "$^-$", "“": "``", "”": "''", "’": "'", "\u{A0}": "~",
  ]

  /// Characters that need a package beyond Latin letters become a question mark, so that the file always compiles.
  private static func escaped(_ text: String) -> String {
    text.map { character in
      if let known = special[character] { return known }
      if character.isNewline { return " " }
      let scalars = character.unicodeScalars
      let isPrinted = scalars.allSatisfy { (0x20..<0x7F).contains($0.value) || (0xA0..<0x180).contains($0.value) }
      return isPrinted ? String(character) : "?"
    }.joined()
  }
}
