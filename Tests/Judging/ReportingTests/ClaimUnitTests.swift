import JSON
import Reporting
import ResultsStore
import Testing

/// What a claim takes for an independent value, and which interval stands beside its verdict.
@Suite struct `Units and intervals of claims` {
  private static let accuracy = #""stage": "train", "metric": "accuracy""#
  private static let svm = #""quantity": {\#(accuracy), "where": {"model": "svm"}}"#
  private static let tree = #""against": {\#(accuracy), "where": {"model": "tree"}}, "form": "difference""#

  private static func page(
    _ test: String, rule: String = #"{"greater": 0}"#, head: String = "",
    value: (String, Double, Int) -> Double = GridResults.accuracy
  ) throws -> ReportPage {
    let claim = "{\"id\": \"H\", \"text\": \"t\",\(head) \"tests\": [{\(test), \"rule\": \(rule)}]}"
    return try ReportPage(try GridResults.experiment(report: "{\"claims\": [\(claim)]}", accuracy: value))
  }

  @Test func `the label that goes with a chosen value does not part the pairs`() throws {
    // The member `label` differs between the models as they do.
    let page = try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}")
    #expect(page.claims[0].verdict == .reproduced)
    #expect(cells(page.markdown, row: "H")[3...5] == ["0.1000", "[0.1000, 0.1000]", "3"])
    let course = try Self.page(#"\#(Self.svm), "over": "C""#, rule: #"{"trend": "increasing"}"#)
    #expect(cells(course.markdown, row: "H")[5] == "3")
  }

  @Test func `an axis that is averaged over is no unit`() throws {
    func value(_ model: String, _ c: Double, _ seed: Int) -> Double {
      GridResults.accuracy(model, c, seed) + (model == "svm" && c == 1 ? 0.1 * Double(seed) : 0)
    }
    let pooled = try Self.page("\(Self.svm), \(Self.tree)", value: value)
    #expect(cells(pooled.markdown, row: "H")[5] == "6")
    for (test, head) in [(", \"over\": [\"C\"]", ""), ("", " \"over\": \"C\",")] {
      let averaged = try Self.page("\(Self.svm), \(Self.tree)\(test)", head: head, value: value)
      // The means over C of 0.1 and 0.1 + 0.1 seed: 0.15, 0.20, 0.25.
      #expect(cells(averaged.markdown, row: "H")[3] == "0.2000")
      #expect(cells(averaged.markdown, row: "H")[5] == "3")
    }
  }

  @Test func `the interval beside a one-sided verdict is the one of its test`() throws {
    // Differences 0.10, 0.02 and 0.09: mean 0.07, sd 0.0436; t = 2.78 exceeds 2.92 at 5 % not, so that 0 is inside of 90 %.
    func gains(_ values: [Double]) -> (String, Double, Int) -> Double {
      { model, _, seed in model == "svm" ? values[seed - 1] : 0 }
    }
    let open = try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}", value: gains([0.10, 0.02, 0.09]))
    #expect(open.claims[0].verdict.word == "undecided")
    #expect(cells(open.markdown, row: "H")[4] == "[−0.003485, 0.1435]")
    // With 0.03 for the second one t = 3.35: the claim holds, and the interval of the test says so; that of 95 % does not.
    let held = try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}", value: gains([0.10, 0.03, 0.09]))
    #expect(held.claims[0].verdict == .reproduced)
    #expect(cells(held.markdown, row: "H")[4] == "[0.009508, 0.1372]")
    #expect(cells(held.markdown, row: "Hypothesis")[4] == "90 % interval")
    #expect(held.csv.contains(",-0.0207"))
    #expect(held.markdown.contains("each end of a 90 % interval is a bound at 5 %"))
  }

  @Test func `a verdict on a printed summary is by the summary, not by the rows beside it`() throws {
    // Our mean is 0.952; the rows printed beside the mean of 0.95 have the mean 0.97.
    let table = """
      {"tables": [{"id": "t", "rows": "seed", "where": {"C": 1, "model": "svm"}, "summary": ["mean"], "columns": {
        \(Self.accuracy), "digits": 2, "paper": [0.97, 0.97, 0.97], "paperSummary": {"mean": 0.95}, "margin": 0.01}}]}
      """
    let page = try ReportPage(try GridResults.experiment(report: table))
    #expect(page.cells.map(\.verdict) == [.reproduced])
    #expect(cells(page.markdown, row: "accuracy").contains("1.00"))
  }

  @Test func `without a paper a page speaks of hypotheses`() throws {
    let page = try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}, \"label\": \"gain\"")
    #expect(page.markdown.contains("- **Holds** · H t: gain 0.1000 [0.1000, 0.1000] (90 %) (expected above 0)."))
    #expect(page.markdown.contains("## Hypotheses") && page.markdown.contains("| **holds**"))
    #expect(page.html.contains("<td class=\"good\" data-label=\"Verdict\"><strong>holds</strong></td>"))
    #expect(page.html.contains("<strong class=\"good\">Holds</strong>"))
    for text in [page.markdown, page.html, page.latex, page.csv] {
      #expect(!text.contains("aper says") && !text.contains("reproduced") && !text.lowercased().contains("| paper"))
    }
    let check = try ReportCheck([page.results])
    #expect(check.lines[0].hasPrefix("holds         grid:H  t [gain 0.1000 [0.1000, 0.1000] (90 %)"), "\(check.lines)")
    let failed = try ReportCheck([
      try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}", rule: #"{"less": 0}"#).results
    ])
    #expect(failed.lines[0].hasPrefix("does not hold  grid:H") && failed.exitCode == 1)
  }

  @Test func `a paper's numbers make the claims the paper's`() throws {
    let page = try Self.page("\(Self.svm), \(Self.tree), \"where\": {\"C\": 1}, \"paper\": \"0.1\"")
    #expect(page.markdown.contains("## Claims") && page.markdown.contains("What the paper says"))
    #expect(page.markdown.contains("- **Reproduced** · H") && cells(page.markdown, row: "H")[3] == "0.1")
  }
}
