import Reporting
import Testing
import TestSupport

/// Metrics that a report wants and a stage does not report.
@Suite struct `Misspelt metrics` {
  private static let report = """
    {"tables": [{"id": "main", "rows": ["model", "C"], "columns": [
        {"label": "A", "stage": "train", "metric": "acuracy"}, {"label": "B", "stage": "train", "metric": "loss"},
        {"label": "C", "stage": "train", "metric": "f1", "missing": "Not yet."}, {"label": "D", "stage": "test", "metric": "x"}]}],
     "claims": [{"id": "H", "text": "t", "tests": [
        {"quantity": {"stage": "train", "metric": "acuracy"}, "rule": {"less": 1}}]}]}
    """
  private static let sentence =
    "stage train reports accuracy, loss; the table 'main' and 1 more want 'acuracy'; did you mean 'accuracy'?"

  @Test func `are told by the page and to the caller, with what there is`() throws {
    let results = try GridResults.experiment(report: Self.report)
    let page = try ReportPage(results)
    // What a stage without results will report is not known.
    #expect(page.metricMistakes == [Self.sentence])
    #expect(page.markdown.contains("> **Unknown metric:** stage train reports accuracy, loss; the table 'main'"))
    let folder = try TemporaryFolder()
    var told: [String] = []
    try ReportBuilder(output: folder.path).build([results]) { told.append($0) }
    #expect(told == ["experiment grid: \(Self.sentence)"])
    let right = try GridResults.experiment(report: Self.report.replacing("acuracy", with: "accuracy"))
    #expect(try ReportPage(right).metricMistakes == [])
  }
}
