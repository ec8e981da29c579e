import AttemptModel
import Foundation
import FoundationXML
import JSON
import Reporting
import ResultsStore
import Testing

/// Values, names and messages that would be markup, formulas or commands of a terminal.
@Suite struct `A page of hostile values` {
  private static let values = [
    "a|b", "*x* **y**", "`code`", "[l](javascript:alert(1))", "<b onclick=x>", "<script>alert(1)</script>",
    "line1\nline2",
    "# h", "~~s~~", "$x^2$", "&lt;", "\u{1B}[31mred", "\u{9B}2J", "=1+1", "!i[m](g)", "\u{FFFE}", "\0", "|\u{301}",
  ]

  private static func results() throws -> ExperimentResults {
    let source = "\"stage\": \"m\", \"metric\": \"<i>x</i>\""
    let panels = "\"panels\": [{\"label\": \"P\", \"series\": [{\"label\": \"s\", \(source)}]}]"
    let report = """
      {"introduction": "<img src=x onerror=y> [l](javascript:alert(2)) [d](data:text/html,x) `<kept>`\\n\\n[r]: javascript:z",
       "tables": [{"id": "t", "title": "T <b>", "rows": "v", "rowNames": "value", "columns": [
        {"label": "x", \(source), "digits": 0}]}],
       "charts": [{"id": "c", "title": "c", "kind": "bar", "x": {"axis": "v"}, \(panels)},
        {"id": "h", "title": "h", "kind": "heat", "x": {"axis": "v"}, "y": {"axis": "v"}, \(panels)}]}
      """
    let trials = values.enumerated().map { TrialResults(index: $0.offset, assignment: [("v", .string($0.element))]) }
    var results = try SampleResults.experiment(seeds: [], report: report)
    results.trials = trials
    results.jobs = trials.map { trial in
      SampleResults.job(
        "m", trial: trial.index, index: trial.index,
        samples: [SampleResult(metric: "<i>x</i>", unit: "%|<u>", value: Double(trial.index))])
    }
    results.spoil("m", trial: 4, message: "\u{1B}[1mbad | *thing* <i>\u{7}\n# no heading")
    return results
  }

  @Test func `a metric may be spelt with other characters that Unicode holds for the same`() throws {
    let columns = #"[{"label": "x", "stage": "m", "metric": "gro\u0308\u00dfe", "digits": 2}]"#
    let report = #"{"tables": [{"id": "t", "title": "T", "rows": "v", "rowNames": "value", "columns": \#(columns)}]}"#
    var results = try SampleResults.experiment(seeds: [], report: report)
    results.trials = [TrialResults(index: 0, assignment: [("v", 1)])]
    results.jobs = [
      SampleResults.job("m", trial: 0, index: 0, samples: [SampleResult(metric: "gr\u{f6}\u{df}e", value: 4.25)])
    ]
    #expect(try ReportPage(results).markdown.contains("4.25"))
  }

  @Test func `has no live markup in Markdown, and tables keep their shape`() throws {
    let page = try ReportPage(try Self.results()).markdown
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    var width: Int?
    for line in lines {
      guard line.hasPrefix("|") else {
        width = nil
        continue
      }
      let bars = line.matches(of: /(?:^|[^\\])(?:\\\\)*\|/).count
      #expect(width == nil || width == bars, "\(line)")
      width = bars
    }
    let tags = page.matches(of: /(^|[^\\`])<[a-zA-Z\/!?][^>]*>/).map { String($0.output.0) }
    #expect(tags.allSatisfy { $0.contains("details>") || $0.contains("summary>") }, "\(tags)")
    #expect(page.contains("`<kept>`"))
    #expect(page.firstMatch(of: /[^\\]\](\(|: )(javascript|data):/) == nil)
    for text in [#"\~\~s\~\~"#, #"\$x^2\$"#, #"\&lt;"#, "␛\\[31mred", "\\u{9B}2J"] {
      #expect(page.contains(text), "\(text)")
    }
    // The end of a log stands between fences, where nothing is markup.
    var isFenced = false
    for line in lines {
      if line.hasPrefix("```") { isFenced.toggle() }
      #expect(isFenced || !line.hasPrefix("# h") && !line.hasPrefix("# no"), "\(line)")
    }
    expectNoControls(page)
  }

  @Test func `is well formed in HTML and SVG`() throws {
    let page = try ReportPage(try Self.results())
    let drawings = page.attachments.map { String(decoding: $0.bytes, as: UTF8.self) }
    for text in drawings + [page.html] {
      expectNoControls(text)
      // The document type is no XML, and what follows is.
      let document = text.hasPrefix("<!DOCTYPE html>") ? String(text.dropFirst(15)) : text
      #expect(XMLParser(data: Data(document.utf8)).parse())
    }
    #expect(!page.html.contains("<script>alert") && !page.html.contains("href=\"javascript"))
    #expect(!page.html.contains("<img src=x"))
  }

  @Test func `runs nothing in a spreadsheet`() throws {
    let csv = try ReportPage(try Self.results()).csv
    expectNoControls(csv.replacing("\r\n", with: "\n"))
    for line in csv.split(separator: "\r\n") {
      for field in line.split(separator: ",") { #expect(!field.hasPrefix("=") && !field.hasPrefix("\"="), "\(line)") }
    }
  }

  private func expectNoControls(_ text: String) {
    let controls = text.unicodeScalars.filter { scalar in
      (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
    }
    #expect(controls.isEmpty, "\(controls.map(\.value))")
  }
}
