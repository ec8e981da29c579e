import Foundation
import FoundationXML
import JSON
import Reporting
import ResultsStore
import Testing

@Suite struct ChartPageTests {
  static let steps = [0, 1, 2, 3, 5, 8]

  static func sample() throws -> ExperimentResults {
    try SampleResults.experiment(name: "exp3", steps: steps, report: SampleResults.figure2, title: "Sensitivity")
  }

  static func svg(_ results: ExperimentResults) throws -> String {
    let page = try ReportPage(results)
    return String(decoding: try #require(page.attachments.first).bytes, as: UTF8.self)
  }

  @Test func `page and chart equal the stored ones`() throws {
    let page = try ReportPage(try Self.sample())
    try GoldenFile.expect(page.markdown, equals: "exp3.md")
    #expect(page.attachments.map(\.name) == ["figure2.svg"])
    try GoldenFile.expect(try Self.svg(try Self.sample()), equals: "figure2.svg")
  }

  @Test func `missing and partial values are drawn as such`() throws {
    var results = try Self.sample()
    for seed in 0..<5 { results.spoil("timing", trial: seed * 6 + 4, message: "out of memory") }
    results.spoil("compare", trial: 2, message: "no image")
    let svg = try Self.svg(results)
    try GoldenFile.expect(svg, equals: "figure2-failed.svg")
    #expect(svg.contains(">no value</text>"))
    #expect(svg.contains("(n = 4); mean of 4 of 5"))
    #expect(svg.contains("at 5: failed: out of memory"))
    let text = try ReportPage(results).markdown
    let details = text.components(separatedBy: "<details>").last ?? ""
    #expect(cells(details, row: "5")[1] == "failed: out of memory")
  }

  @Test func `charts are well-formed XML in every situation`() throws {
    for results in try situations() {
      let svg = try Self.svg(results)
      #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(svg.prefix(400))")
    }
  }

  @Test func `labels never overlap and stay inside the picture`() throws {
    for results in try situations() {
      let svg = try Self.svg(results)
      let (labels, size) = try labels(in: svg)
      #expect(labels.count > 5)
      for (position, a) in labels.enumerated() {
        #expect(a.left >= -0.5 && a.right <= size.width + 0.5 && a.bottom <= size.height, "\(a)")
        for b in labels[(position + 1)...] {
          let overlaps = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
          #expect(!overlaps, "\(a.text) and \(b.text)")
        }
      }
    }
  }

  @Test func `measured points lie where their values are`() throws {
    let svg = try Self.svg(try Self.sample())
    // One step costs 0.5 ms: equal differences of N are equal differences of height.
    let points = try polyline("line c0", in: svg)
    #expect(points.count == 6)
    let slopes = zip(points, points.dropFirst()).map { ($1.y - $0.y) / ($1.x - $0.x) }
    #expect(slopes.allSatisfy { abs($0 - slopes[0]) < 0.02 && $0 < 0 })
  }

  @Test func `colours are legible on light and on dark`() {
    for form in [\ChartStyle.Colour.light, \ChartStyle.Colour.dark] {
      let background = ChartStyle.background[keyPath: form]
      for colour in ChartStyle.series { #expect(contrast(colour[keyPath: form], background) >= 3) }
      #expect(contrast(ChartStyle.ink[keyPath: form], background) >= 7)
      #expect(contrast(ChartStyle.muted[keyPath: form], background) >= 4.5)
    }
  }

  @Test func `a chart says its numbers in words`() throws {
    let svg = try Self.svg(try Self.sample())
    #expect(svg.contains("@media (prefers-color-scheme:dark)"))
    #expect(svg.contains("<desc id=\"desc\">Time per image (ms) over Refinement steps N. PriorBrush: at 0: 2.040 ("))
    #expect(svg.contains("In the paper at 2: 0.6000, at 3: 0.6000, at 5: 0.6000."))
  }

  /// The sample, one seed, one step, no trial, names instead of numbers, very long labels, many series and panels.
  private func situations() throws -> [ExperimentResults] {
    let long = String(repeating: "A very long label & <name> ", count: 12)
    let wordy = """
      {"charts": [{"id": "c", "title": "\(long)", "x": {"axis": "steps", "label": "\(long)"}, "panels": [
        {"label": "\(long)", "unit": "s", "series": [{"label": "\(long)", "stage": "compare", "metric": "ssim"},
          {"label": "\(long) 2", "stage": "compare", "metric": "ssim", "scale": 100000}]}]}]}
      """
    let series = (1...8).map {
      "{\"label\": \"series \($0)\", \"stage\": \"compare\", \"metric\": \"ssim\", \"scale\": \($0)}"
    }
    let panel = "{\"label\": \"p\", \"series\": [\(series.joined(separator: ", "))]}"
    let many = """
      {"charts": [{"id": "c", "title": "Many", "x": {"axis": "seed"}, "panels": [\(panel), \(panel), \(panel), \(panel)]}]}
      """
    var named = try SampleResults.experiment(steps: Self.steps, report: SampleResults.figure2)
    for position in named.trials.indices {
      let step = named.trials[position].assignment[1].value.displayName
      named.trials[position].assignment[1].value = .string("configuration with a long name \(step)")
    }
    return [
      try Self.sample(),
      try SampleResults.experiment(seeds: [43], steps: [2], report: SampleResults.figure2),
      try SampleResults.experiment(seeds: [], steps: [], report: SampleResults.figure2),
      try SampleResults.experiment(
        steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], report: SampleResults.figure2),
      try SampleResults.experiment(seeds: Array(43...80), steps: [3], report: many),
      try SampleResults.experiment(steps: Self.steps, report: wordy),
      named,
    ]
  }
}

extension JSONValue {
  fileprivate var displayName: String { compactText }
}

/// A text of a chart with the room it takes.
struct Label {
  var text: String
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double
}

func labels(in svg: String) throws -> ([Label], (width: Double, height: Double)) {
  let pattern = /<text class="(\w+)" x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)">([^<]*)/
  let sizes = ["title": 15.0, "panel": 12, "legend": 12]
  let labels = svg.matches(of: pattern).map { match -> Label in
    let style = String(match.1)
    let size = sizes[style] ?? 11
    let text = String(match.5).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    let width = TextWidth.of(text, size: size, isBold: style == "title" || style == "panel")
    let x = Double(match.2) ?? 0
    let left = match.4 == "start" ? x : match.4 == "middle" ? x - width / 2 : x - width
    let y = Double(match.3) ?? 0
    return Label(text: text, left: left, right: left + width, top: y - size * 0.75, bottom: y + size * 0.2)
  }
  let size = try #require(svg.firstMatch(of: /viewBox="0 ([\d.]+) ([\d.]+) ([\d.]+)"/))
  // A chart in a page begins below its title.
  return (labels, (Double(size.2) ?? 0, (Double(size.1) ?? 0) + (Double(size.3) ?? 0)))
}

private func polyline(_ style: String, in svg: String) throws -> [(x: Double, y: Double)] {
  let start = try #require(svg.range(of: "<polyline class=\"\(style)\" points=\"")).upperBound
  let list = svg[start...].prefix { $0 != "\"" }
  return list.split(separator: " ").map { pair in
    let parts = pair.split(separator: ",").compactMap { Double($0) }
    return (parts[0], parts[1])
  }
}

/// Contrast ratio of two colours by WCAG 2.2, from 1 to 21.
private func contrast(_ a: String, _ b: String) -> Double {
  func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let channels = [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
    let linear = channels.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
  let (x, y) = (luminance(a), luminance(b))
  return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
