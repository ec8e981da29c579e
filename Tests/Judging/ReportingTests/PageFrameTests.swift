import Foundation
import JSON
import Reporting
import ResultsStore
import Testing
import TestSupport

/// What stands around the content of an HTML page.
@Suite struct PageFrameTests {
  @Test func `a page begins with the counts of its verdicts, with signs that need no colour`() throws {
    let folder = try TemporaryFolder()
    let html = try ReportPage(try FormatTests.results(folder)).html
    let head = try #require(html.range(of: "</h1>")).upperBound
    #expect(
      html[head...].hasPrefix(
        "\n<div class=\"verdicts\"><p>2 claims</p><ul><li class=\"good\"><b>1</b> reproduced</li>"
          + "<li class=\"untested\"><b>1</b> not testable here</li></ul></div>\n<div class=\"verdicts\"><p>3 published numbers</p>"
      ))
    for sign in [".good::before{content:\"\\2713", ".bad::before{content:\"\\2717", ".open::before{content:\"?"] {
      #expect(html.contains(sign), "\(sign)")
    }
    let quiet = try ReportPage(try SampleResults.experiment(report: "{}")).html
    #expect(!quiet.contains("<div class=\"verdicts\">"))
  }

  @Test func `hypotheses are counted in their own words`() throws {
    let accuracy = "\"stage\": \"train\", \"metric\": \"accuracy\""
    func claim(_ id: String, _ rule: String) -> String {
      """
      {"id": "\(id)", "text": "t", "tests": [{"where": {"C": 1}, "form": "difference",
        "quantity": {\(accuracy), "where": {"model": "svm"}}, "against": {\(accuracy), "where": {"model": "tree"}},
        "rule": {"\(rule)": 0.05}}]}
      """
    }
    let one = try ReportPage(try GridResults.experiment(report: "{\"claims\": [\(claim("A", "greater"))]}")).html
    #expect(one.contains("<p>1 hypothesis</p><ul><li class=\"good\"><b>1</b> holds</li></ul>"))
    let claims = [claim("A", "less"), claim("B", "less"), claim("C", "greater")].joined(separator: ", ")
    let html = try ReportPage(try GridResults.experiment(report: "{\"claims\": [\(claims)]}")).html
    #expect(
      html.contains(
        "<p>3 hypotheses</p><ul><li class=\"good\"><b>1</b> holds</li><li class=\"bad\"><b>2</b> do not hold</li></ul>")
    )
    #expect(html.matches(of: /<td class="[^"]*bad"[^>]*><strong>does not hold/).count == 2)
  }

  @Test func `a page lists its sections, and leads to the pages that all reports have`() throws {
    let folder = try TemporaryFolder()
    let html = try ReportPage(try FormatTests.results(folder)).html
    let headings = html.matches(of: /<h2 id="([^"]+)"/).map { String($0.1) }
    let contents = html.components(separatedBy: "</nav>").first { $0.contains("class=\"contents\"") } ?? ""
    #expect(headings.count > 5 && Set(headings).count == headings.count)
    #expect(contents.matches(of: /href="#([^"]+)"/).map { String($0.1) } == headings)
    #expect(html.contains("<a href=\"index.html\">All experiments</a>"))
    #expect(html.contains("<a class=\"skip\" href=\"#content\">") && html.contains("<main id=\"content\">"))
    try ReportBuilder(output: folder.path + "/r", formats: [.html]).build([try FormatTests.results(folder)])
    #expect(try folder.text("r/claims.html").contains("href=\"index.html\""))
    #expect(try !folder.text("r/index.html").contains("class=\"pages\""))
  }
}
