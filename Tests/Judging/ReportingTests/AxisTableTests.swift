import Foundation
import FoundationXML
import Reporting
import ResultsStore
import Testing

/// Tables whose rows and columns are those of several axes.
@Suite struct `Tables by axes` {
  private static let accuracy = #""stage": "train", "metric": "accuracy""#
  private static let metrics = #"{"accuracy": {"label": "Accuracy", "digits": 3, "better": "greater"}}"#

  private static func page(
    _ tables: String..., metrics: String = metrics,
    value: (String, Double, Int) -> Double = GridResults.accuracy
  ) throws -> ReportPage {
    try ReportPage(
      try GridResults.experiment(
        report: "{\"tables\": [\(tables.joined(separator: ", "))]}", metrics: metrics, accuracy: value))
  }

  private static func rows(_ markdown: String) -> [[String]] {
    markdown.split(separator: "\n").drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false).map { $0.trimmed() }
    }
  }

  @Test func `rows by two axes name the outer one once`() throws {
    let page = try Self.page(
      #"{"id": "t", "rows": ["model", "C"], "rowLabel": ["Model", "C"], "best": "none", "columns": {\#(Self.accuracy)}}"#
    )
    let rows = Self.rows(page.markdown)
    #expect(rows[0] == ["Model", "C", "Accuracy ↑"])
    #expect(
      rows.dropFirst(2) == [
        ["svm", "0.1", "0.902 ± 0.001 [0.900, 0.904]"], ["", "1", "0.952 ± 0.001 [0.950, 0.954]"],
        ["tree", "0.1", "0.802 ± 0.001 [0.800, 0.804]"], ["", "1", "0.852 ± 0.001 [0.850, 0.854]"],
      ])
    #expect(page.markdown.contains("*Cells: mean ± standard deviation [95 % interval of the mean] over 3 attempts.*"))
    #expect(page.traces.map(\.address).first == "t:svm-0.1:accuracy")
    #expect(page.traces.first?.title == "t: Model svm, C 0.1, Accuracy")
    #expect(page.html.contains("<th scope=\"rowgroup\" class=\"group\" rowspan=\"2\">svm</th><td"))
    #expect(page.html.components(separatedBy: "scope=\"rowgroup\"").count == 3)
    #expect(page.latex.contains("svm & 0.1 & ") && page.latex.contains("    \\addlinespace\n    tree & 0.1 & "))
    #expect(page.latex.contains("\n     & 1 & "))
  }

  @Test func `rows are grouped by the first axis named, not by the first of the plan`() throws {
    let page = try Self.page(#"{"id": "t", "rows": ["C", "model"], "columns": {\#(Self.accuracy)}}"#)
    #expect(
      Self.rows(page.markdown).dropFirst(2).map { $0.prefix(2) }
        == [["0.1", "svm"], ["", "tree"], ["1", "svm"], ["", "tree"]])
  }

  @Test func `columns by an axis stand under one head`() throws {
    let loss = #"{"label": "Loss", "stage": "train", "metric": "loss", "where": {"C": 1}, "digits": 2}"#
    let columns = #"[{\#(Self.accuracy), "by": "C"}, \#(loss)]"#
    let page = try Self.page(
      #"{"id": "t", "rows": "model", "best": "none", "cell": "mean", "columns": \#(columns)}"#)
    let rows = Self.rows(page.markdown)
    #expect(rows[0] == ["model", "Accuracy, C = 0.1 ↑", "Accuracy, C = 1 ↑", "Loss"])
    #expect(rows[2] == ["svm", "0.902", "0.952", "0.48"] && rows[3] == ["tree", "0.802", "0.852", "0.43"])
    #expect(page.markdown.contains("*Cells: mean over 3 attempts.*") && page.markdown.contains("*↑: more is better.*"))
    #expect(
      page.html.contains(
        "<tr><td></td><th scope=\"colgroup\" class=\"span\" colspan=\"2\">Accuracy ↑</th><td></td></tr><tr>"
          + "<th scope=\"col\">model</th><th scope=\"col\" class=\"n\">C = 0.1</th>"))
    #expect(
      page.latex.contains(
        " & \\multicolumn{2}{c}{Accuracy $\\uparrow$} &  \\\\\n    \\cmidrule(lr){2-3}\n"
          + "    model & C = 0.1 & C = 1 & Loss \\\\\n"))
    #expect(page.traces.map(\.address).prefix(3) == ["t:svm:accuracy-0.1", "t:svm:accuracy-1", "t:svm:loss"])
    #expect(XMLParser(data: Data(page.html.dropFirst(15).utf8)).parse())
    #expect(page.csv.contains("grid:t:svm:accuracy-0.1"))
  }

  @Test func `heads of columns by two axes span as far as they reach`() throws {
    let page = try Self.page(
      #"{"id": "t", "rows": "seed", "cell": "mean", "columns": {\#(Self.accuracy), "by": ["model", "C"]}}"#)
    #expect(
      Self.rows(page.markdown)[0].dropFirst() == [
        "Accuracy, svm, C = 0.1 ↑", "Accuracy, svm, C = 1 ↑", "Accuracy, tree, C = 0.1 ↑", "Accuracy, tree, C = 1 ↑",
      ])
    #expect(page.latex.contains("\\multicolumn{4}{c}{Accuracy $\\uparrow$}"))
    #expect(page.latex.contains("\\multicolumn{2}{c}{svm} & \\multicolumn{2}{c}{tree}"))
    #expect(page.latex.contains("\\cmidrule(lr){2-3}\\cmidrule(lr){4-5}"))
  }

  @Test(arguments: [
    ("mean", "0.902"), ("mean-sd", "0.902 ± 0.001"), ("interval", "0.902 [0.900, 0.904]"),
    ("median", "0.902 [0.901, 0.903]"), ("min", "0.901"), ("max", "0.903"), ("best", "0.903"),
    ("mean-sd-interval", "0.902 ± 0.001 [0.900, 0.904]"),
  ])
  func `a cell prints what its style says`(style: String, expected: String) throws {
    let page = try Self.page(
      #"{"id": "t", "rows": ["model", "C"], "best": "none", "cell": "\#(style)", "columns": {\#(Self.accuracy)}}"#)
    #expect(Self.rows(page.markdown)[2][2] == expected)
  }

  @Test func `the last repetition, the least and the greatest stand for an attempt`() throws {
    let columns = ["last", "min", "max", "mean"].map {
      #"{"id": "\#($0)", "label": "\#($0)", "stage": "train", "metric": "loss", "statistic": "\#($0)", "cell": "mean"}"#
    }
    let page = try Self.page(
      "{\"id\": \"t\", \"rows\": \"model\", \"where\": {\"C\": 1}, \"columns\": [\(columns.joined(separator: ", "))]}",
      value: { _, _, _ in 1 })
    #expect(Self.rows(page.markdown)[2] == ["svm", "0.2000", "0.2000", "0.9000", "0.5000"])
  }

  @Test func `the best value of each column is bold with all that a paired test does not find worse`() throws {
    let table = #"{"id": "t", "rows": "model", "cell": "mean", "columns": {\#(Self.accuracy), "by": "C"}}"#
    let clear = try Self.page(table)
    #expect(Self.rows(clear.markdown)[2] == ["svm", "**0.902**", "**0.952**"])
    #expect(Self.rows(clear.markdown)[3] == ["tree", "0.802", "0.852"])
    #expect(
      clear.markdown.contains(
        "*Bold: the best value of each column, and those that a paired one-sided t test (5 %, Holm) does not find worse. "
          + "↑: more is better.*"))
    // Differences of 0.01, -0.01 and 0.03: mean 0.01, standard deviation 0.02, p = 0.24.
    let close = try Self.page(table) { model, c, seed in
      0.5 + 0.1 * Double(seed) + (model == "svm" ? [0.01, -0.01, 0.03][seed - 1] : 0)
    }
    #expect(Self.rows(close.markdown)[2...3].allSatisfy { $0[1].hasPrefix("**") && $0[2].hasPrefix("**") })
    let lower = try Self.page(table, metrics: Self.metrics.replacing("greater", with: "less"))
    #expect(Self.rows(lower.markdown)[3] == ["tree", "**0.802**", "**0.852**"] && lower.markdown.contains("0.1 ↓"))
    let neither = try Self.page(table, metrics: Self.metrics.replacing("greater", with: "neither"))
    #expect(!neither.markdown.contains("**0.") && !neither.markdown.contains("↑"))
  }

  @Test func `the best may be sought in a row or in the whole table`() throws {
    func bold(_ scope: String) throws -> [[Bool]] {
      let page = try Self.page(
        #"{"id": "t", "rows": "model", "cell": "mean", "best": "\#(scope)", "columns": {\#(Self.accuracy), "by": "C"}}"#
      )
      return Self.rows(page.markdown)[2...3].map { $0[1...].map { $0.hasPrefix("**") } }
    }
    #expect(try bold("row") == [[false, true], [false, true]])
    #expect(try bold("table") == [[false, true], [false, false]])
    #expect(try bold("none") == [[false, false], [false, false]])
  }

  @Test func `a cell that leaves something out cannot be the best`() throws {
    let page = try Self.page(
      #"{"id": "t", "rows": "model", "cell": "mean", "where": {"C": 1}, "columns": {\#(Self.accuracy)}}"#
    ) { model, c, seed in model == "svm" && seed == 2 ? .infinity : GridResults.accuracy(model, c, seed) }
    #expect(!page.markdown.contains("**0."))
    #expect(Self.rows(page.markdown)[2][1] == "0.952 (n = 2 of 3)†")
    #expect(page.markdown.contains("† Mean over finite values; left out of Accuracy: 1 of 6 infinite."))
  }

  @Test func `label, unit and digits of a metric are said once`() throws {
    let metrics = #"{"accuracy": {"label": "Accuracy", "unit": "%", "digits": 1, "better": "greater"}}"#
    let report = """
      {"tables": [{"id": "t", "rows": ["model", "C"], "best": "none", "columns": {\(Self.accuracy), "scale": 100}}],
       "claims": [{"id": "H", "text": "svm is better", "tests": [{"where": {"C": 1}, "form": "difference",
         "quantity": {\(Self.accuracy), "scale": 100, "where": {"model": "svm"}},
         "against": {\(Self.accuracy), "scale": 100, "where": {"model": "tree"}}, "rule": {"greater": 5}}]}]}
      """
    let page = try ReportPage(try GridResults.experiment(report: report, metrics: metrics))
    #expect(Self.rows(page.markdown)[0][2] == "Accuracy (%) ↑")
    #expect(Self.rows(page.markdown)[2][2].hasPrefix("90.2 ± 0.1"))
    #expect(cells(page.markdown, row: "H")[2...3] == ["Accuracy", "10.0 %"])
  }

  @Test func `cells that average over an axis on purpose say so`() throws {
    let page = try Self.page(#"{"id": "t", "rows": "model", "over": ["C"], "columns": {\#(Self.accuracy)}}"#)
    #expect(page.markdown.contains("over 6 attempts.* *They average over `C` as well.*"))
  }
}
