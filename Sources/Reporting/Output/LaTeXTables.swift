import ResultsStore

/// Writes the tables of a page for LaTeX, with the rules of the package booktabs.
enum LaTeXTables {
  /// Returns one `table` environment for each table of the page, labelled `tab:EXPERIMENT:NAME`.
  static func text(of content: PageContent) -> String {
    var text =
      "% Tables of experiment \(content.results.name), run \(content.results.run.id), plan \(content.results.planHash).\n"
      + "% Use with \\usepackage{booktabs}; made by `report build --format latex`.\n"
    var heading = ""
    for block in content.blocks {
      switch block {
      case .heading(let title): heading = title
      case .table(let model, let name) where name != "jobs":
        text += table(model, caption: heading, label: "tab:\(content.results.name):\(name)")
      case .details(let title, let model, let name):
        text += table(model, caption: "\(heading). \(title)", label: "tab:\(content.results.name):\(name)")
      case .title, .paragraph, .table, .chart, .figure, .rule: break
      }
    }
    return text
  }

  private static func table(_ model: TableModel, caption: String, label: String) -> String {
    let columns = model.alignments.map { $0 == .leading ? "l" : "r" }.joined()
    func line(_ cells: [String]) -> String {
      model.header.indices.map { $0 < cells.count ? inline(cells[$0]) : "" }.joined(separator: " & ") + " \\\\\n"
    }
    var text = "\n\\begin{table}\n  \\centering\n  \\caption{\(inline(caption))}\n  \\label{\(label)}\n"
    text += "  \\begin{tabular}{@{}\(columns)@{}}\n    \\toprule\n    " + line(model.header) + "    \\midrule\n"
    var isSummary = false
    for row in model.rows {
      // The paper sets its mean and deviation apart.
      if !isSummary, row.first?.hasPrefix("**") == true, model.rows.first?.first?.hasPrefix("**") != true {
        text += "    \\midrule\n"
        isSummary = true
      }
      text += "    " + line(row)
    }
    return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n"
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
    "⁸": "$^8$", "⁹": "$^9$", "⁻": "$^-$", "“": "``", "”": "''", "’": "'", "\u{A0}": "~",
  ]

  /// Characters that need a package beyond Latin letters become a question mark, so that the file always compiles.
  private static func escaped(_ text: String) -> String {
    text.map { character in
      if let known = special[character] { return known }
      if character.isNewline { return " " }
      let scalars = character.unicodeScalars
      return scalars.allSatisfy { $0.value < 0x180 && $0.value >= 0x20 } ? String(character) : "?"
    }.joined()
  }
}
