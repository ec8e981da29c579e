import ExperimentSpec
import Foundation
import FoundationXML
import JSON
import Reporting
import ResultsStore
import Testing

@Suite struct ChartKindTests {
  static let kinds = ChartRequest.Kind.allCases.map(\.rawValue)

  /// A chart of one kind with one or two series over the steps, or over seeds and steps.
  static func report(_ kind: String, label: String = "Refinement steps N") -> String {
    let across =
      kind == "scatter"
      ? ", \"stage\": \"timing\", \"metric\": \"time.priorbrush\", \"scale\": 1000, \"better\": \"less\"" : ""
    let rows = kind == "heat" ? "\"y\": {\"axis\": \"seed\", \"label\": \"Seed\"}," : ""
    let paper = "\"paper\": [{\"x\": 2, \"y\": 0.8599}, {\"x\": 3, \"y\": 0.8599}]"
    return """
      {"charts": [{"id": "c", "kind": "\(kind)", "title": "A \(kind) chart of similarity",
        "x": {"axis": "steps", "label": "\(label)"\(across)}, \(rows) "panels": [
        {"label": "SSIM to the one-step image", "better": "greater", "series": [
          {"label": "PriorBrush", "stage": "compare", "metric": "ssim", \(paper)}]},
        {"label": "Time", "unit": "ms", "better": "less", "series": [
          {"label": "PriorBrush", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "statistic": "median"},
          {"label": "SwiftBrush", "stage": "timing", "metric": "time.swiftbrush", "scale": 1000}]}]}]}
      """
  }

  static func svg(_ results: ExperimentResults) throws -> String {
    String(decoding: try #require(try ReportPage(results).attachments.first).bytes, as: UTF8.self)
  }

  @Test(arguments: kinds)
  func `every kind equals the stored picture`(kind: String) throws {
    let results =
      kind == "trend"
      ? try Self.nights() : try SampleResults.experiment(steps: ChartPageTests.steps, report: Self.report(kind))
    try GoldenFile.expect(try Self.svg(results), equals: "chart-\(kind).svg")
  }

  @Test(arguments: kinds)
  func `every kind is well-formed, and its labels stay apart and inside`(kind: String) throws {
    for results in try Self.situations(kind) {
      let svg = try Self.svg(results)
      #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(svg.prefix(400))")
      #expect(svg.firstMatch(of: /(?:[xy12rd]|width|height|points|opacity)="[^"]*(?:nan|inf|NaN|∞)/) == nil)
      let (labels, size) = try labels(in: svg)
      for (position, a) in labels.enumerated() {
        #expect(a.left >= -0.5 && a.right <= size.width + 0.5 && a.bottom <= size.height, "\(a)")
        for b in labels[(position + 1)...] {
          let overlaps = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
          #expect(!overlaps, "\(kind): \(a.text) and \(b.text)")
        }
      }
    }
  }

  @Test func `nearly all points of a crowded chart have a name, and a line leads to one that stands apart`() throws {
    var results = try SampleResults.experiment(steps: [1, 2, 3, 4, 5, 6, 7, 8], report: Self.report("scatter"))
    for position in results.trials.indices {
      let step = results.trials[position].assignment[1].value.compactText
      results.trials[position].assignment[1].value = .string("refinement-\(step)")
    }
    let svg = try Self.svg(results)
    // Eight points in the first panel, sixteen in the second, half of them side by side.
    #expect(svg.matches(of: />refinement-[1-8]<\/text>/).count >= 22)
    #expect(svg.contains(/<line class="axis" x1="([0-9.]+)" y1="[0-9.]+" x2="\1"/))
  }

  @Test(arguments: kinds)
  func `every kind has a form for phones, whose labels stay apart and inside`(kind: String) throws {
    for results in try Self.situations(kind) {
      let parts = try ReportPage(results).html.components(separatedBy: "<div class=\"narrow\">")
      guard let svg = parts.dropFirst().first?.components(separatedBy: "</div>").first else { continue }
      let (labels, size) = try labels(in: svg)
      #expect(size.width <= 362)
      for (position, a) in labels.enumerated() {
        #expect(a.left >= -0.5 && a.right <= size.width + 0.5 && a.bottom <= size.height, "\(a)")
        for b in labels[(position + 1)...] {
          let overlaps = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
          #expect(!overlaps, "\(kind): \(a.text) and \(b.text)")
        }
      }
    }
  }

  @Test(arguments: kinds)
  func `every kind has a title, a description with numbers, and its numbers as a table`(kind: String) throws {
    let results = try SampleResults.experiment(steps: [0, 1, 2, 3, 5, 8], report: Self.report(kind))
    let svg = try Self.svg(results)
    #expect(svg.contains("<title id=\"title\">A \(kind) chart of similarity</title>"))
    #expect(svg.contains("at 2") && svg.contains("0.93"))
    let page = try ReportPage(results)
    #expect(page.markdown.contains("The numbers of this figure"))
    #expect(kind == "histogram" || page.markdown.contains("0.93"))
    #expect(page.traces.contains { $0.address.hasPrefix("c:2:ssim") })
  }

  @Test func `columns begin at zero and are as high as their means`() throws {
    let svg = try Self.svg(try SampleResults.experiment(steps: [0, 1, 2, 3], report: Self.report("bar")))
    let heights = svg.matches(
      of: /<rect class="tile c0"[^>]* height="([\d.]+)"[^>]*><title>PriorBrush at (\d): ([\d.]+)/
    )
    .map { (height: Double($0.1) ?? 0, value: Double($0.3) ?? 1) }
    #expect(heights.count == 8)
    for panel in [heights.prefix(4), heights.suffix(4)] {
      let scales = panel.map { $0.height / $0.value }
      #expect((scales.max() ?? 0) - (scales.min() ?? 0) < 0.01 * (scales.max() ?? 1))
    }
  }

  @Test func `the Pareto front has the points that nothing beats`() {
    let points = [(x: 1.0, y: 5.0), (2, 3), (3, 4), (4, 1), (4, 2), (1, 5)]
    #expect(ParetoFront.indices(points, lessIsBetter: (true, true)) == [0, 1, 3, 5])
    #expect(ParetoFront.indices(points, lessIsBetter: (false, false)) == [0, 2, 4, 5])
    #expect(ParetoFront.indices([], lessIsBetter: (true, true)) == [])
  }

  @Test func `a distribution ends at one`() throws {
    let svg = try Self.svg(try SampleResults.experiment(steps: [3], report: Self.report("ecdf")))
    #expect(svg.contains("polyline class=\"line c0\"") && svg.contains(">1.00</text>") && svg.contains(">0.00</text>"))
  }

  /// Thirty nights with a change of level after eighteen.
  static func nights() throws -> ExperimentResults {
    var results = try SampleResults.experiment(
      seeds: Array(1...30), steps: [3],
      report: """
        {"charts": [{"id": "c", "kind": "trend", "title": "Similarity by night", "x": {"axis": "seed", "label": "Night"},
          "panels": [{"label": "SSIM", "series": [{"label": "PriorBrush", "stage": "compare", "metric": "ssim"}]}]}]}
        """)
    for trial in 0..<30 {
      results.set("ssim", trial: trial, to: (trial < 18 ? 1.0 : 1.1) + 0.004 * Double((trial * 7) % 5))
    }
    return results
  }

  @Test func `a change of level is found where it is`() throws {
    let svg = try Self.svg(try Self.nights())
    #expect(svg.components(separatedBy: "class=\"change c0\"").count == 2)
    #expect(svg.contains("+9.9 %") || svg.contains("+10.0 %"), "\(svg)")
  }

  /// One sample of each kind: plain, with long names, with one value, with gaps, with none.
  static func situations(_ kind: String) throws -> [ExperimentResults] {
    let steps = [0, 1, 2, 3, 5, 8]
    var named = try SampleResults.experiment(steps: steps, report: report(kind))
    for position in named.trials.indices {
      let step = named.trials[position].assignment[1].value.compactText
      named.trials[position].assignment[1].value = .string("a configuration with a long name \(step)")
    }
    var gaps = try SampleResults.experiment(steps: steps, report: report(kind))
    for seed in 0..<5 { gaps.spoil("compare", trial: seed * 6 + 2, message: "no image") }
    gaps.set("ssim", trial: 4, to: .nan)
    return [
      try SampleResults.experiment(steps: steps, report: report(kind)), named, gaps,
      try SampleResults.experiment(
        steps: steps, report: report(kind, label: String(repeating: "A long label ", count: 20))),
      try SampleResults.experiment(seeds: [43], steps: [3], report: report(kind)),
      try SampleResults.experiment(seeds: [], steps: [], report: report(kind)),
      try SampleResults.experiment(seeds: Array(43...80), steps: Array(0...40), report: report(kind)),
    ]
  }
}
