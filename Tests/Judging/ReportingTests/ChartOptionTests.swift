import AttemptModel
import Foundation
import FoundationXML
import JSON
import Reporting
import ResultsStore
import Testing

/// What an author may say of axes, marks and panels.
@Suite struct ChartOptionTests {
  private static let models = ["a tree", "a forest", "boosting"]

  /// Accuracies of three models on two sizes, five seeds each, that differ by hundredths.
  private static func results(_ chart: String, models: [String] = models) throws
    -> ExperimentResults
  {
    var results = try SampleResults.experiment(seeds: [], report: "{\"charts\": [\(chart)]}")
    for (position, model) in models.enumerated() {
      for size in [10, 1000] {
        for seed in 1...5 {
          let index = results.trials.count
          results.trials.append(
            TrialResults(
              index: index,
              assignment: [("model", .string(model)), ("size", .integer(Int64(size))), ("seed", .integer(Int64(seed)))])
          )
          let value = 0.94 + 0.01 * Double(position) + (size == 10 ? 0 : 0.005) + 0.001 * Double(seed - 3)
          let samples = [
            SampleResult(metric: "accuracy", value: value),
            SampleResult(metric: "loss", value: pow(10, -Double(position))),
          ]
          results.jobs.append(SampleResults.job("m", trial: index, index: results.jobs.count, samples: samples))
        }
      }
    }
    return results
  }

  private static func svg(_ members: String, series: String = "", panel: String = "", models: [String]? = nil) throws
    -> String
  {
    let chart = """
      {"id": "c", "title": "C", \(members), "panels": [{"label": "Accuracy"\(panel),
        "series": [{"label": "A", "stage": "m", "metric": "accuracy"\(series)}]}]}
      """
    let svg = try ChartKindTests.svg(try Self.results(chart, models: models ?? Self.models))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    return svg
  }

  private static func note(_ members: String, series: String = "") throws -> String {
    try ReportPage(
      results(
        """
        {"id": "c", "title": "C", \(members), "panels": [{"label": "Accuracy",
          "series": [{"label": "A", "stage": "m", "metric": "accuracy"\(series)}]}]}
        """)
    ).markdown
  }

  @Test func `columns may begin where the author says, are cut there for all to see, and differ visibly`() throws {
    let members = "\"kind\": \"bar\", \"x\": \"model\", \"y\": {\"from\": 0.9}"
    let svg = try Self.svg(members)
    let heights = svg.matches(of: /<rect class="tile c0"[^>]* height="([\d.]+)"/).compactMap { Double($0.1) }
    // Means 0.9425, 0.9525, 0.9625: lengths from 0.9 are as 425 to 525 to 625.
    #expect(heights.count == 3)
    let ratios: [Double] = heights.map { $0 / heights[0] }
    #expect(abs(ratios[1] - 525.0 / 425) < 0.01)
    #expect(abs(ratios[2] - 625.0 / 425) < 0.01)
    #expect(svg.components(separatedBy: "<polyline class=\"cut\"").count == 4)
    #expect(try Self.note(members).contains("The axis begins at 0.9, not at 0: columns are cut."))
    #expect(try !Self.svg("\"kind\": \"bar\", \"x\": \"model\"").contains("class=\"cut\""))
  }

  @Test func `a line joins numbers, and names only if asked`() throws {
    #expect(try Self.svg("\"x\": \"size\"").contains("<polyline class=\"line c0\""))
    #expect(try !Self.svg("\"x\": \"model\"").contains("<polyline class=\"line c0\""))
    #expect(try Self.svg("\"x\": \"model\", \"join\": true").contains("<polyline class=\"line c0\""))
    #expect(try !Self.svg("\"x\": \"size\", \"kind\": \"points\"").contains("<polyline"))
  }

  @Test(arguments: [
    ("interval", "95 % interval of the mean", "bars are 95 % intervals of the mean"),
    ("sd", "± one standard deviation", "bars are one standard deviation (n − 1) up and down"),
    (
      "quartiles", "first to third quartile",
      "Points are medians over attempts; bars reach from the first to the third quartile"
    ),
    ("none", nil, "Points are means over attempts."),
  ])
  func `error bars are what the author asks for, and both legend and note say so`(
    spread: String, legend: String?, note: String
  ) throws {
    let members = "\"kind\": \"points\", \"x\": \"model\", \"spread\": \"\(spread)\", \"where\": {\"size\": 10}"
    let svg = try Self.svg(members)
    #expect(try Self.note(members).contains(note))
    guard let legend else {
      #expect(!svg.contains("class=\"bar c0\""))
      return
    }
    #expect(svg.contains(">\(legend)</text>"))
    // The values of a model are -0.002, -0.001, 0, 0.001 and 0.002 from their mean.
    let expected: Double = spread == "interval" ? 0.001963 : spread == "sd" ? 0.001581 : 0.001
    let range = try #require(svg.firstMatch(of: /at a tree: 0\.9400 \([^)]* ([\d.]+) to ([\d.]+)\)/))
    let (low, high): (Double, Double) = (Double(range.1) ?? 0, Double(range.2) ?? 0)
    let extent: Double = high - low
    #expect(abs(extent - 2 * expected) < 2e-4)
  }

  @Test func `series and panels are made of axes, and panels of one quantity share their axis`() throws {
    let svg = try Self.svg("\"x\": \"size\"", series: ", \"by\": \"model\"")
    #expect(svg.contains(">A, a tree</text>") && svg.contains(">A, boosting</text>"))
    #expect(svg.contains("A, a tree: at 10: 0.9400 (95 % interval 0.9380 to 0.9420), at 1000: 0.9450"))
    let multiples = try Self.svg("\"x\": \"size\", \"by\": \"model\"")
    #expect(multiples.contains(">Accuracy, model = a forest</text>"))
    var ticks: [Substring: Int] = [:]
    for match in multiples.matches(of: /text-anchor="end">([\d.]+)</) { ticks[match.1, default: 0] += 1 }
    #expect(ticks.count > 2 && ticks.values.allSatisfy { $0 == 3 })
    let one = try Self.svg("\"x\": \"size\"", series: ", \"where\": {\"model\": \"boosting\"}")
    #expect(one.contains("A: at 10: 0.9600"))
  }

  @Test func `a chart on its side has its names at the left, uncut`() throws {
    let name = /<text class="muted" x="[\d.]+" y="[\d.]+" text-anchor="end">a forest<\/text>/
    for kind in ["bar", "points", "strip", "box", "stacked"] {
      let svg: String = try Self.svg("\"kind\": \"\(kind)\", \"x\": \"model\", \"horizontal\": true")
      #expect(svg.firstMatch(of: name) != nil, "\(kind)")
    }
    let svg: String = try Self.svg("\"kind\": \"bar\", \"x\": \"model\", \"horizontal\": true")
    let widths: [Double] = svg.matches(of: /<rect class="tile c0"[^>]* width="([\d.]+)"/).compactMap { Double($0.1) }
    #expect(widths.count == 3)
    let ratio: Double = (widths.last ?? 0) / (widths.first ?? 1)
    #expect(abs(ratio - 0.9625 / 0.9425) < 0.001)
  }

  @Test func `stacked columns end at the sum of their parts`() throws {
    let chart = """
      {"id": "c", "title": "C", "kind": "stacked", "x": "model", "panels": [{"label": "S", "series": [
        {"label": "one", "stage": "m", "metric": "accuracy"},
        {"label": "two", "stage": "m", "metric": "accuracy", "scale": 0.5}]}]}
      """
    let svg = try ChartKindTests.svg(try Self.results(chart))
    let parts = svg.matches(
      of: /<rect class="tile c[01][^>]* y="([\d.]+)" width="[\d.]+" height="([\d.]+)"[^>]*><title>/
    )
    .map { match -> [Double] in [Double(match.1) ?? 0, Double(match.2) ?? 0] }
    #expect(parts.count == 6)
    for (lower, upper) in zip(parts.prefix(3), parts.suffix(3)) {
      let gap: Double = upper[0] + upper[1] - lower[0]
      let ratio: Double = upper[1] / lower[1]
      #expect(abs(gap) < 0.02)
      #expect(abs(ratio - 0.5) < 0.01)
    }
  }

  @Test func `a histogram counts each value once, the greatest in the last bin`() throws {
    let histogram = Histogram(edges: [0, 1, 2], series: [[0, 0.5, 1, 2], [3, .nan]])
    #expect(histogram.counts == [[2, 2], [0, 0]])
    #expect(Histogram.edges(of: [1, 2, 3, 4], count: 3) == [1, 2, 3, 4])
    #expect(Histogram.edges(of: [5, 5, 5], count: nil).count == 4)
    #expect(Histogram.edges(of: [], count: nil).isEmpty)
    let page = try Self.note("\"kind\": \"histogram\", \"x\": \"model\", \"bins\": 2")
    #expect(page.contains("Attempts with a value in each bin") && page.contains("15"))
  }

  @Test func `reference lines stand at their values with their names`() throws {
    let svg = try Self.svg(
      "\"x\": \"size\"", panel: ", \"references\": [{\"y\": 0.99, \"label\": \"target\"}, {\"x\": 500}]")
    #expect(svg.components(separatedBy: "class=\"reference ink\"").count == 3 && svg.contains(">target</text>"))
    #expect(svg.contains("A line, target, stands at 0.99."))
  }

  @Test func `axes may be logarithmic, and what they have no place for is counted`() throws {
    let scale = ChartScale.axis(for: [0.001, 1000, -3])
    #expect(!scale.isLogarithmic)
    let svg = try Self.svg("\"x\": {\"axis\": \"size\", \"log\": true}, \"y\": {\"from\": 0.945, \"to\": 0.96}")
    #expect(svg.contains(">10</text>") && svg.contains(">1000</text>"))
    let note = try Self.note("\"x\": {\"axis\": \"size\", \"log\": true}, \"y\": {\"from\": 0.953, \"to\": 0.96}")
    #expect(note.contains("The horizontal axis is logarithmic. 1 value lies outside of the axes."))
    #expect(ChartScale.logarithmicTicks(in: 1e-6...1e6).count == 13)
  }

  @Test func `names below an axis stand whole where there is room, in lines or aslant`() throws {
    let words = try Self.svg(
      "\"kind\": \"bar\", \"x\": \"model\"",
      models: ["a rather long name of a model", "another rather long name", "third"])
    #expect(words.contains(">a rather long name") && words.contains(">model</text>") && !words.contains("…"))
    let models = (1...9).map { "GradientBoostingClassifier\($0)" }
    let svg = try Self.svg("\"kind\": \"bar\", \"x\": \"model\"", models: models)
    for model in models.dropFirst() { #expect(svg.contains(">\(model)</text>"), "\(model)") }
  }

  @Test func `forty series have names at their ends, and no two look alike`() throws {
    let models = (1...40).map { "model \($0)" }
    let svg = try Self.svg("\"x\": \"size\"", series: ", \"by\": \"model\"", models: models)
    for model in models { #expect(svg.contains(">A, \(model)</text>"), "\(model)") }
    #expect(!svg.contains("class=\"legend\">A, "))
    let (labels, size) = try labels(in: svg)
    for (position, a) in labels.enumerated() {
      #expect(a.left >= 0 && a.right <= size.width && a.bottom <= size.height, "\(a)")
      for b in labels[(position + 1)...] {
        #expect(
          !(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom), "\(a.text) and \(b.text)")
      }
    }
    let lines = Set(svg.matches(of: /<polyline class="(line c\d[^"]*)"/).map { String($0.1) })
    #expect(lines.count == 24)
  }

  @Test func `columns of neighbouring series differ without colour`() throws {
    let svg = try Self.svg("\"kind\": \"bar\", \"x\": \"size\"", series: ", \"by\": \"model\"")
    let fills = svg.matches(of: /<rect class="tile c\d[^"]*"[^>]*fill-opacity="([\d.]+)"><title>/).map { String($0.1) }
    #expect(Set(fills).count == 3)
  }
}
