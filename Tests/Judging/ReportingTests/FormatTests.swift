import Foundation
import FoundationXML
import JSON
import PNGImage
import Reporting
import ResultsStore
import Testing
import TestSupport

@Suite struct FormatTests {
  static let rich = """
    {"introduction": "Some **bold** words, `code`, a [link](https://example.org/a?b=1&c=2) and 2 * 3 < 7.\\n\\n- one\\n- two",
     "tables": [{"id": "table2", "title": "Figure 2 as a table", "place": "Figure 2", "rows": "steps", "rowLabel": "N",
      "columns": [
        {"label": "Time (ms)", "stage": "timing", "metric": "time.priorbrush", "unit": "ms", "scale": 1000, "digits": 2,
         "paper": [null, null, 0.6, 0.6, 0.6, null], "margin": 0.05},
        {"label": "SSIM & more", "stage": "compare", "metric": "ssim"}]}],
     "charts": [{"id": "figure2", "title": "Figure 2", "x": {"axis": "steps", "label": "N"}, "panels": [
        {"label": "SSIM", "series": [{"label": "PriorBrush", "stage": "compare", "metric": "ssim"}]}]},
       {"id": "again", "title": "Another", "x": {"axis": "steps", "label": "N"}, "panels": [
        {"label": "SSIM", "series": [{"label": "PriorBrush", "stage": "compare", "metric": "ssim"}]}]}],
     "figures": [{"id": "images", "title": "Images", "where": {"steps": 3}, "magnify": 4, "panels": [
        {"stage": "timing", "artifact": "coarse", "label": "SwiftBrush"},
        {"stage": "timing", "artifact": "refined", "label": "PriorBrush"}]}],
     "claims": [{"id": "C1", "text": "Fast & cheap <b>", "tests": [
        {"quantity": {"stage": "timing", "metric": "time.priorbrush"}, "rule": {"less": 1}}]},
       {"id": "C2", "text": "Slow", "missing": "A clock."}],
     "audit": [{"observation": "One value", "reason": "Seeds differ"}]}
    """

  static func results(_ folder: TemporaryFolder) throws -> ExperimentResults {
    var results = try SampleResults.experiment(
      name: "exp3", steps: ChartPageTests.steps, report: rich, title: "Sensitivity & <steps>")
    for position in results.jobs.indices where results.jobs[position].stage == "timing" {
      for name in ["coarse", "refined"] {
        let path = "\(folder.path)/\(position)-\(name).png"
        let pixels = [UInt8](repeating: UInt8(position), count: 8 * 8 * 3)
        try Image(width: 8, height: 8, channels: 3, pixels: pixels).write(to: path)
        results.jobs[position].attempt?.artifacts.append(
          ArtifactResult(name: name, digest: "abcdef0123456789", byteCount: 1, mediaType: "image/png", path: path))
      }
    }
    return results
  }

  @Test func `an HTML page is well-formed, and all its links lead somewhere inside`() throws {
    let folder = try TemporaryFolder()
    let html = try ReportPage(try Self.results(folder)).html
    let reader = PageReader(html)
    #expect(reader.isWellFormed, "\(reader.problem)")
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.links.count > 60)
    for link in reader.links where link.hasPrefix("#") {
      #expect(reader.ids.contains(String(link.dropFirst())), "\(link)")
    }
  }

  @Test func `an HTML page needs nothing but itself`() throws {
    let folder = try TemporaryFolder()
    let html = try ReportPage(try Self.results(folder)).html
    let reader = PageReader(html)
    // Five seeds, two methods.
    #expect(reader.images.count == 10)
    #expect(reader.images.allSatisfy { $0.hasPrefix("data:image/png;base64,") })
    #expect(html.components(separatedBy: "<svg ").count == 5)
    #expect(reader.elements.isDisjoint(with: ["link", "iframe", "object", "embed", "base"]))
    let outside = reader.links.filter { !$0.hasPrefix("#") }
    #expect(outside == ["index.html", "claims.html", "audit.html", "https://example.org/a?b=1&c=2"])
    #expect(!html.contains("url(") && !html.contains("@import") && !html.contains(" src=\"http"))
    #expect(html.contains("@media screen and (prefers-color-scheme:dark)"))
    #expect(html.contains("name=\"viewport\""))
  }

  @Test func `an embedded image is the stored one`() throws {
    let folder = try TemporaryFolder()
    let reader = PageReader(try ReportPage(try Self.results(folder)).html)
    let text = try #require(reader.images.first).dropFirst("data:image/png;base64,".count)
    let file = folder.path + "/embedded.png"
    try #require(Data(base64Encoded: String(text))).write(to: URL(fileURLWithPath: file))
    let image = try Image(contentsOf: file)
    #expect(image.width == 8 && image[3, 3, 0] == 6)
  }

  @Test func `authors' words cannot become markup`() throws {
    var text = Self.rich
    text = text.replacing("[link](https://example.org/a?b=1&c=2)", with: "[link](javascript:alert) <script>")
    let html = try ReportPage(try SampleResults.experiment(report: text, title: "</title><script>")).html
    #expect(PageReader(html).isWellFormed)
    #expect(!html.contains("href=\"javascript") && html.components(separatedBy: "<script>").count == 2)
  }

  @Test func `LaTeX tables have the rules of booktabs and escape what LaTeX reads`() throws {
    let folder = try TemporaryFolder()
    let tex = try ReportPage(try Self.results(folder)).latex
    #expect(tex.contains("\\label{tab:exp3:table2}"))
    #expect(tex.contains("N & Time (ms) & SSIM \\& more \\\\\n    \\midrule"))
    #expect(tex.components(separatedBy: "\\toprule").count == tex.components(separatedBy: "\\bottomrule").count)
    #expect(tex.contains("$\\pm$") && !tex.contains("±") && tex.contains("Fast \\& cheap $<$b$>$"))
    #expect(!tex.contains("?"))
    #expect(tex.components(separatedBy: "\\begin{table}").count == tex.components(separatedBy: "\\end{table}").count)
    #expect(tex.filter { $0 == "{" }.count == tex.filter { $0 == "}" }.count)
    #expect(tex.unicodeScalars.allSatisfy { $0.value < 0x180 })
  }

  @Test(arguments: [
    ("Table 1: Times", "Times"), ("Table 2b. Times", "Times"), ("Table 1 by the paper's protocol", nil),
    ("Figure 2: Times", nil), ("Table 3:", nil), ("Tables: all", nil),
  ])
  func `a caption does without the number that LaTeX gives it`(title: String, expected: String?) throws {
    #expect(LaTeXTables.unnumbered(title) == expected ?? title)
    let report = SampleResults.table1.replacing("Table 1: Inference times and SSIM", with: title)
    let tex = try ReportPage(try SampleResults.experiment(report: report)).latex
    #expect(tex.contains("\\caption{\(expected ?? title)}"))
  }

  @Test func `a format is the same whether it is made alone or with the others, and parts keep their order`() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(folder)
    try ReportBuilder(output: folder.path + "/all", formats: ReportFormat.allCases).build([results])
    for format in ReportFormat.allCases {
      try ReportBuilder(output: folder.path + "/one", formats: [format]).build([results])
      let name = "exp3.\(format.fileEnding)"
      #expect(try folder.text("all/\(name)") == folder.text("one/\(name)"))
    }
    let numbers = Array(0..<1_000)
    let doubled: [Int] = Parallel.map(numbers) { (number: Int) -> Int in number * 2 }
    #expect(doubled == Array(stride(from: 0, to: 2_000, by: 2)))
    let none: [Int] = Parallel.map([]) { (number: Int) -> Int in number }
    #expect(none.isEmpty)
  }

  @Test
  func `on a phone a row with a verdict is a list, panels stand below each other, and intervals on their own line`()
    throws
  {
    let folder = try TemporaryFolder()
    let html = try ReportPage(try Self.results(folder)).html
    #expect(html.contains("<table class=\"sortable dense cards\">"))
    #expect(html.contains("data-label=\"Measured, mean ± sd\"") && html.contains("data-label=\"Verdict\""))
    #expect(html.contains("<div class=\"narrow\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"360\""))
    #expect(html.firstMatch(of: /3\.54 ± 0\.03 <span class="i">\[3\.50, 3\.58\]<\/span>/) != nil)
  }

  @Test func `a table that is longer than a page is cut, and its parts are labelled`() throws {
    let report = """
      {"tables": [{"id": "t", "title": "Long", "rows": "steps", "columns": [
        {"label": "SSIM", "stage": "compare", "metric": "ssim"}]}]}
      """
    let tex = try ReportPage(try SampleResults.experiment(steps: Array(0..<90), report: report)).latex
    #expect(tex.contains("\\caption{Long (continued)}") && tex.contains("\\label{tab:exp1:t:3}"))
    #expect(!tex.contains("\\label{tab:exp1:t:4}"))
  }

  @Test func `letters that LaTeX has no font for become commands that every engine obeys, and the file says so`() throws
  {
    let report = """
      {"tables": [{"id": "t", "title": "T", "rows": "model", "columns": [
        {"label": "精度 🎉", "stage": "train", "metric": "accuracy"}]}]}
      """
    let tex = try ReportPage(try GridResults.experiment(report: report)).latex
    #expect(tex.contains("\\reportcharacter{7CBE}\\reportcharacter{5EA6} \\reportcharacter{1F389}"))
    #expect(tex.contains("\\ifdefined\\Umathchar\\DeclareRobustCommand\\reportcharacter[1]{\\symbol{\"#1}}"))
    #expect(tex.contains("% Characters beyond Latin and Greek letters need XeLaTeX or LuaLaTeX"))
    #expect(!tex.contains("?") && tex.unicodeScalars.allSatisfy { $0.value < 0x180 })
    let plain = try ReportPage(try SampleResults.experiment(report: SampleResults.table1)).latex
    #expect(!plain.contains("reportcharacter"))
  }

  @Test(.enabled(if: FormatTests.latex != nil, "no LaTeX is installed"))
  func `LaTeX tables compile`() throws {
    let folder = try TemporaryFolder()
    let tables = try ReportPage(try Self.results(folder)).latex
    let document =
      "\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{array,booktabs,graphicx}"
      + "\\begin{document}\n\(tables)\\end{document}\n"
    try Data(document.utf8).write(to: URL(fileURLWithPath: folder.path + "/t.tex"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.latex))
    process.arguments =
      process.executableURL?.lastPathComponent == "tectonic"
      ? ["t.tex"] : ["-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static let latex = ["pdflatex", "tectonic"].flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test func `CSV has every number with full precision and reads back`() throws {
    let folder = try TemporaryFolder()
    let csv = try ReportPage(try Self.results(folder)).csv
    let rows = csv.components(separatedBy: "\r\n").dropLast().map(fields)
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    let cell = try #require(rows.first { $0[1] == "exp3:table2:3:time.priorbrush" })
    // 3.54 ms: the mean of 2.00 ... 2.08 ms plus three steps of 0.5 ms.
    #expect(abs((Double(cell[6]) ?? 0) - 3.54) < 1e-9)
    #expect(cell[4] == "5" && cell[11] == "0.6" && cell[12] == "0.05" && cell[14] == "refuted")
    let claim = try #require(rows.first { $0[0] == "claim" && $0[1] == "C1" })
    #expect(claim[2].hasPrefix("Fast & cheap <b>:") && claim[14] == "reproduced")
    #expect(rows.first { $0[1] == "C2" }?[14] == "not testable")
  }

  @Test func `all formats are written, twice the same, and the common pages with them`() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(folder)
    let builder = ReportBuilder(output: folder.path + "/reports", formats: ReportFormat.allCases)
    let written = try builder.build([results])
    #expect(
      written.map { String($0.dropFirst(folder.path.count + 9)) } == [
        "exp3/figure2.svg", "exp3/again.svg", "exp3/images.png", "exp3.md", "exp3.html", "exp3.tex", "exp3.csv",
        "claims.md", "audit.md", "index.md", "claims.html", "audit.html", "index.html",
      ])
    let first = try written.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    try builder.build([results])
    #expect(try written.map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == first)
    for page in ["claims.html", "audit.html", "index.html"] {
      #expect(PageReader(try folder.text("reports/\(page)")).isWellFormed, "\(page)")
    }
    #expect(try folder.text("reports/index.md").contains("1 reproduced, 1 not testable here"))
    #expect(try folder.text("reports/index.html").contains("href=\"exp3.html\""))
  }

  @Test func `the audit compares printed summaries with printed rows and finds repeated values`() throws {
    let folder = try TemporaryFolder()
    let report = SampleResults.table1.replacing(
      "{\"tables\":", with: "{\"audit\": [{\"observation\": \"O\", \"reason\": \"R\"}], \"tables\":")
    try ReportBuilder(output: folder.path).build([try SampleResults.experiment(report: report)])
    let audit = try folder.text("audit.md")
    // The rows' mean is 0.00034, printed as 0.0003; their deviations 0.000089 and 0.000080 are both printed as 0.0001.
    #expect(audit.contains("| mean               |  0.0003 |              0.000340 | agrees    |"), "\(audit)")
    #expect(audit.contains("0.000089 or 0.000080"))
    #expect(cells(audit, row: "0.8599")[1] == "5")
  }

  /// Splits a line of CSV.
  private func fields(_ line: String) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}

/// Reads what matters of a page.
private final class PageReader: NSObject, XMLParserDelegate {
  private(set) var ids: [String] = []
  private(set) var links: [String] = []
  private(set) var images: [String] = []
  private(set) var elements: Set<String> = []
  private(set) var isWellFormed = false
  private(set) var problem = ""

  init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.replacing("<!DOCTYPE html>\n", with: "").utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
    problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")"
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.insert(name)
    if let id = attributes["id"] { ids.append(id) }
    if name == "a", let link = attributes["href"] { links.append(link) }
    if let source = attributes["src"] { images.append(source) }
  }
}
