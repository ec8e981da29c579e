import AttemptModel
import Foundation
import JSON
import Reporting
import ResultsStore
import Testing

@Suite struct TablePageTests {
  @Test func `a page has the paper's table first and equals the stored one`() throws {
    let page = try ReportPage(try SampleResults.experiment(report: SampleResults.table1))
    try GoldenFile.expect(page.markdown, equals: "exp1.md")
    #expect(page.attachments.isEmpty)
  }

  @Test func `the rows, mean and standard deviation are the samples' own`() throws {
    let text = try ReportPage(try SampleResults.experiment(report: SampleResults.table1)).markdown
    // Median of three repetitions, the warm-up of 9 s left out; seeds 43 ... 47 give 2.00, 2.02, ... 2.08 ms.
    #expect(cells(text, row: "1").prefix(4) == ["1", "0.0020", "0.0035", "0.9160"])
    #expect(cells(text, row: "5").prefix(4) == ["5", "0.0021", "0.0036", "0.9220"])
    #expect(cells(text, row: "**Mean**") == ["**Mean**", "0.0020 s", "0.0035 s", "0.9180"])
    #expect(cells(text, row: "**Std**") == ["**Std**", "0.0000 s", "0.0000 s", "0.0032"])
  }

  @Test func `a column that says what to supply is measured as soon as an attempt reports it`() throws {
    let report = """
      {"tables": [{"id": "t", "title": "T", "rows": "seed", "rowLabel": "Trial", "columns": [
        {"label": "SSIM", "stage": "compare", "metric": "ssim", "digits": 2, "missing": "Nothing."},
        {"label": "FID", "stage": "compare", "metric": "fid", "missing": "Inception weights."}]}]}
      """
    let text = try ReportPage(try SampleResults.experiment(report: report)).markdown
    #expect(text.contains("*FID* is not evaluated here: Inception weights."))
    #expect(!text.contains("*SSIM* is not evaluated"))
    let row = cells(text, row: "43")
    // A column of which nothing was evaluated would only widen the table.
    #expect(row.count == 2 && row[1].hasPrefix("0.9") && !text.contains("| FID"), "\(row)")
  }

  @Test func `a table of which nothing was evaluated is its sentences alone`() throws {
    let report = """
      {"tables": [{"id": "t", "title": "Published networks", "rows": "seed", "rowLabel": "Trial", "summary": ["mean"],
       "columns": [{"label": "FID", "missing": "Inception weights."}, {"label": "KID", "missing": "Those too."}]}]}
      """
    let page = try ReportPage(try SampleResults.experiment(report: report))
    #expect(page.markdown.contains("## Published networks"))
    #expect(
      page.markdown.contains(
        "- *FID* is not evaluated here: Inception weights.\n- *KID* is not evaluated here: Those too."))
    #expect(!page.markdown.contains("| Trial") && !page.latex.contains("tab:exp1:t"))
  }

  @Test func `a column of answers prints yes and no, and counts those that disagree`() throws {
    let report = """
      {"tables": [{"id": "t", "title": "T", "rows": "seed", "rowLabel": "Trial", "columns": [
        {"label": "Passed", "stage": "compare", "metric": "ssim", "digits": 0, "format": "yes-no"}]},
       {"id": "u", "title": "U", "rows": "steps", "rowLabel": "Steps", "columns": [
        {"label": "Passed", "stage": "compare", "metric": "ssim", "digits": 0, "format": "yes-no"}]}]}
      """
    var results = try SampleResults.experiment(report: report)
    for (trial, value) in [1.0, 1, 0, 1, 2].enumerated() { results.set("ssim", trial: trial, to: value) }
    var page = try ReportPage(results)
    #expect(["43", "45", "47"].map { cells(page.markdown, row: $0)[1] } == ["yes", "no", "2"])
    #expect(cells(page.markdown, row: "3")[1].hasPrefix("1 ± 1"))
    #expect(page.traces.first { $0.address == "t:45:ssim" }?.text == "no")
    #expect(page.csv.contains(",0.0,") && !page.csv.contains("yes"))
    results.set("ssim", trial: 4, to: 1)
    page = try ReportPage(results)
    #expect(cells(page.markdown, row: "3")[1] == "yes in 4 of 5")
    let mistake = #expect(throws: ReportError.self) {
      try ReportPage(try SampleResults.experiment(report: report.replacing("yes-no", with: "maybe")))
    }
    #expect(mistake?.message.contains("is 'maybe', expected 'number' or 'yes-no'") == true)
  }

  @Test func `attempts on a busy machine are one sentence with their count and the worst`() throws {
    var results = try SampleResults.experiment(report: SampleResults.table1)
    for (position, load) in [0.1, 1.94, 0.2, 1.2].enumerated() {
      var conditions = TimingConditions(rule: QuietRule(load: 0.5, waitSeconds: 1), waitedSeconds: 0)
      (conditions.loadBefore, conditions.loadDuring) = (0.05, load)
      results.jobs[position * 2].attempt?.conditions = conditions
      results.jobs[position * 2].attempt?.stage = "timing"
    }
    let text = try ReportPage(results).markdown
    #expect(
      text.contains(
        "> **Busy machine:** 2 of 4 timed attempts on a busy machine; the worst, attempt 3 of stage `timing`, had 1.9 "
          + "processors busy with other work, 0.5 are allowed. Paired ratios"), "\(text.prefix(600))")
    #expect(text.components(separatedBy: "usy machine").count == 3)
  }

  @Test func `statistics stand beside the paper's numbers`() throws {
    let text = try ReportPage(try SampleResults.experiment(report: SampleResults.table1)).markdown
    // Five values from 2.00 to 2.08 ms: sd 0.0316 ms, t interval 2.04 ± 0.0393 ms; the paper prints a mean of 0.3 ms.
    #expect(
      cells(text, row: "SwiftBrush Time (s)") == [
        "SwiftBrush Time (s)", "0.0003 ± 0.0001", "0.002040 ± 0.000032", "[0.002001, 0.002079]", "5", "0.002040",
        "6.80",
      ])
    let details = text.components(separatedBy: "Statistics of every cell").last ?? ""
    // The range of five values covers their median with 1 − 2 / 2⁵.
    #expect(cells(details, row: "SwiftBrush Time (s)").suffix(2) == ["0.002040", "[0.002000, 0.002080] (93.8 %)"])
    #expect(
      text.contains("**PriorBrush Time / SwiftBrush Time**: 1.74 [1.72, 1.75], the geometric mean of 5 paired ratios"))
    #expect(text.contains("The paper's printed rows give 1.74, 2.00 and 1.71."))
  }

  @Test func `every table names its attempts`() throws {
    let text = try ReportPage(try SampleResults.experiment(report: SampleResults.table1)).markdown
    #expect(
      text.contains("stage `timing`, run 3: attempts 1, 3, 5, 7, 9; stage `compare`, run 3: attempts 2, 4, 6, 8, 10."))
  }

  @Test func `a failed cell shows its reason and the mean over survivors is marked`() throws {
    var results = try SampleResults.experiment(report: SampleResults.table1)
    results.spoil("timing", trial: 1, message: "killed | after 10 s\nsecond line")
    results.spoil("compare", trial: 2, state: .planned)
    results.spoil("compare", trial: 3, state: .skipped)
    let text = try ReportPage(results).markdown
    #expect(cells(text, row: "2")[1] == "failed: killed \\| after 10 s")
    #expect(cells(text, row: "3")[3] == "—")
    #expect(cells(text, row: "4")[3] == "skipped")
    #expect(cells(text, row: "**Mean**")[1] == "0.0020 s†")
    #expect(
      text.contains(
        "† Mean over finite values; left out of SwiftBrush Time (s): 1 of 5 failed; PriorBrush Time (s): 1 of 5 failed; "
          + "SSIM: 1 of 5 skipped, 1 missing."))
    #expect(text.contains("**Incomplete:** run 3 finished; 3 of 10 jobs have no result."))
    #expect(text.contains("- `timing`, seed = 44, steps = 3: failed: killed \\| after 10 s (attempt 3)"))
    #expect(cells(text, row: "SwiftBrush Time (s)")[4] == "4 of 5")
    try GoldenFile.expect(text, equals: "exp1-failed.md")
  }

  @Test func `NaN and infinity are shown and left out of means`() throws {
    var results = try SampleResults.experiment(report: SampleResults.table1)
    results.set("ssim", trial: 0, to: .nan)
    results.set("ssim", trial: 1, to: .infinity)
    let text = try ReportPage(results).markdown
    #expect(cells(text, row: "1")[3] == "NaN")
    #expect(cells(text, row: "2")[3] == "∞")
    #expect(cells(text, row: "**Mean**")[3].hasSuffix("†"))
    #expect(cells(text, row: "SSIM")[4] == "3 of 5")
    #expect(text.contains("† Mean over finite values; left out of SSIM: 1 of 5 infinite, 1 NaN."))
  }

  @Test func `one trial has no standard deviation and no interval`() throws {
    let text = try ReportPage(try SampleResults.experiment(seeds: [43], report: SampleResults.table1)).markdown
    #expect(cells(text, row: "**Std**") == ["**Std**", "–", "–", "–"])
    #expect(cells(text, row: "SSIM") == ["SSIM", "0.8599", "0.9160", "—", "1", "—", "1.07"])
  }

  @Test func `a cell of several attempts shows mean, deviation and interval, and the count is said once`() throws {
    let results = try SampleResults.experiment(
      name: "exp3", steps: [0, 1, 2, 3, 5, 8], report: SampleResults.figure2, title: "Sensitivity")
    let text = try ReportPage(results).markdown
    // Seeds 43 ... 47 give ssim 0.95 + {1, 3, 0, 2, 4} * 0.002: mean 0.954, sd 0.0031623, t interval 0.954 ± 0.0039265.
    #expect(cells(text, row: "0")[2] == "0.9540 ± 0.0032 [0.9501, 0.9579]")
    #expect(text.contains("over 5 attempts"))
  }

  @Test func `an attempt shared by rows counts once`() throws {
    var results = try SampleResults.experiment(report: SampleResults.table1)
    results.jobs.removeAll { $0.stage == "compare" && $0.index != 1 }
    for position in results.jobs.indices where results.jobs[position].stage == "compare" {
      results.jobs[position].trials = [0, 1, 2, 3, 4]
    }
    #expect(cells(try ReportPage(results).markdown, row: "SSIM")[4] == "1")
  }

  @Test func `a wide table leaves its intervals to the table of statistics`() throws {
    let columns = (0..<6).map { "{\"label\": \"c\($0)\", \"stage\": \"compare\", \"metric\": \"ssim\"}" }
    let report =
      "{\"tables\": [{\"id\": \"t\", \"rows\": \"steps\", \"columns\": [\(columns.joined(separator: ", "))]}]}"
    let text = try ReportPage(try SampleResults.experiment(steps: [0, 2], report: report)).markdown
    #expect(cells(text, row: "0")[1] == "0.9540 ± 0.0032")
    #expect(text.contains("over 5 attempts; intervals are under *Statistics of every cell*"))
    let details = text.components(separatedBy: "<summary>Statistics of every cell").last ?? ""
    #expect(cells(details, row: "0")[1...3] == ["c0", "0.9540 ± 0.0032", "[0.9501, 0.9579]"])
  }

  @Test func `an experiment without a report section lists its metrics`() throws {
    let text = try ReportPage(try SampleResults.experiment(report: "{}")).markdown
    #expect(text.contains("## Metrics"))
    #expect(cells(text, row: "compare")[1...3] == ["ssim", "5", "0.9180 ± 0.0032"])
  }

  @Test func `a choice that matches no trial says so`() throws {
    let text = try ReportPage(try SampleResults.experiment(steps: [4], report: SampleResults.table1)).markdown
    #expect(text.contains("No trial of this run matches"))
  }

  @Test(arguments: [
    ("{\"tables\": 3}", "'tables' must be a list, not an integer"),
    ("{\"tables\": [{\"id\": \"../x\", \"columns\": []}]}", "'../x' cannot be the name of a table"),
    (
      "{\"tables\": [{\"id\": \"t\", \"summary\": [\"sum\"], \"columns\": []}]}",
      "an element of 'summary' of table 't' is 'sum'"
    ),
    (
      "{\"tables\": [{\"id\": \"t\", \"columns\": [{\"stage\": \"a\"}]}]}", "column of table 't' has no member 'metric'"
    ),
    ("{\"charts\": [{\"id\": \"c\", \"panels\": []}]}", "a chart has no member 'x'"),
    (
      "{\"figures\": [{\"id\": \"f\", \"magnify\": 0, \"panels\": []}]}",
      "'magnify' of figure 'f' is 0, which is out of range"
    ),
  ])
  func `a mistake in the report section says what it is of`(report: String, expected: String) throws {
    let results = try SampleResults.experiment(report: report)
    let error = #expect(throws: ReportError.self) { try ReportPage(results) }
    #expect(error?.code == .badSection)
    let message = error?.message ?? ""
    #expect(message.contains(expected), "\(message)")
    #expect(message.hasPrefix("experiment exp1: "))
  }
}

/// The cells of the first table row with this first cell.
func cells(_ markdown: String, row: String) -> [String] {
  for line in markdown.split(separator: "\n") where line.hasPrefix("| ") {
    let text = line.dropFirst(2).dropLast(2).replacing("\\|", with: "\u{1}")
    let cells = text.split(separator: " | ", omittingEmptySubsequences: false).map {
      $0.replacing("\u{1}", with: "\\|").trimmed()
    }
    if cells.first == row { return cells }
  }
  return []
}

extension StringProtocol {
  func trimmed() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
