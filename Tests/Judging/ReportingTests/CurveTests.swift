import AttemptModel
import Foundation
import FoundationXML
import JSON
import Reporting
import ResultsStore
import Testing

/// Curves over the steps of attempts.
@Suite struct CurveTests {
  /// An experiment with `attempts` trainings of `steps` steps, whose losses a function gives.
  static func results(
    attempts: Int, steps: Int, members: String = "", series: String = "", _ loss: (Int, Int) -> Double
  ) throws -> ExperimentResults {
    var results = try SampleResults.experiment(
      seeds: [],
      report: """
        {"charts": [{"id": "c", "title": "Loss", "x": "step"\(members), "panels": [
          {"label": "Loss", "series": [{"label": "train", "stage": "t", "metric": "loss"\(series)}]}]}]}
        """)
    for attempt in 0..<attempts {
      results.trials.append(TrialResults(index: attempt, assignment: [("seed", .integer(Int64(attempt)))]))
      let samples = (0..<steps).map { SampleResult(metric: "loss", repetition: $0, value: loss(attempt, $0)) }
      results.jobs.append(SampleResults.job("t", trial: attempt, index: attempt, samples: samples))
    }
    return results
  }

  @Test func `a curve is the mean over attempts at each step, with a band, and never their last or mean value`() throws
  {
    let page = try ReportPage(try Self.results(attempts: 3, steps: 5) { Double($0) + Double(10 - $1) })
    let svg = try ChartKindTests.svg(try Self.results(attempts: 3, steps: 5) { Double($0) + Double(10 - $1) })
    #expect(svg.contains("class=\"band c0\"") && svg.contains("<path class=\"course c0\""))
    #expect(svg.contains("train: from 11.00 at 0 to 7.000 at 4, least 7.000 at 4, greatest 11.00 at 0, 3 attempts"))
    #expect(
      page.markdown.contains("Curves are means over 3 attempts at each step; bands are 95 % intervals of the mean"))
    #expect(
      cells(page.markdown, row: "Loss") == ["Loss", "3", "5", "11.00 (at 0)", "7.000", "7.000 (at 4)", "11.00 (at 0)"])
    #expect(page.traces.contains { $0.address == "c:last:loss" && $0.text == "7.000" })
  }

  @Test func `attempts of unequal length are averaged where they have values, and repeated steps count once`() throws {
    var results = try Self.results(attempts: 2, steps: 4) { attempt, step in attempt == 0 ? 1 : 3 }
    results.jobs[1].attempt?.samples.removeLast(2)
    // A resumed training reports step 1 again.
    results.jobs[0].attempt?.samples.append(SampleResult(metric: "loss", repetition: 1, value: 5))
    results.jobs[0].attempt?.samples.append(SampleResult(metric: "loss", repetition: 9, value: .infinity))
    let svg = try ChartKindTests.svg(results)
    // Means: 2, (5 + 3) / 2, 1, 1.
    #expect(svg.contains("from 2.000 at 0 to 1.000 at 3, least 1.000 at 2, greatest 4.000 at 1"))
    let page = try ReportPage(results).markdown
    #expect(
      page.contains("means over 1 to 2 attempts at each step") && page.contains("Left out: 1 value infinite or NaN."))
  }

  @Test func `smoothing is a mean of neighbours, and is said`() throws {
    let results = try Self.results(attempts: 1, steps: 5, members: ", \"smooth\": 3") { _, step in step == 2 ? 9 : 0 }
    #expect(try ChartKindTests.svg(results).contains("greatest 3.000 at 1"))
    #expect(try ReportPage(results).markdown.contains("Smoothed: each point is the mean of the 3 steps around it."))
  }

  @Test func `fewer points keep both ends and every extreme`() {
    var points = (0..<100_000).map { (x: Double($0) / 200, y: sin(Double($0))) }
    points[41_234].y = 7
    points[77_777].y = -7
    let reduced = CurveSampling.reduced(points, columns: 500, in: 0...500)
    #expect(reduced.count <= 2_000 && reduced.count > 1_000)
    #expect(reduced.contains { $0.y == 7 } && reduced.contains { $0.y == -7 })
    #expect(reduced.first?.x == 0 && reduced.last?.x == points.last?.x)
    #expect(zip(reduced, reduced.dropFirst()).allSatisfy { $0.x <= $1.x })
    let few = [(x: 0.0, y: 1.0), (x: 1, y: 2)]
    #expect(CurveSampling.reduced(few, columns: 1, in: 0...1).count == 2)
  }

  @Test func `a million points are drawn in less than 200 kB, one hundred curves or one`() throws {
    func noise(_ attempt: Int, _ step: Int) -> Double {
      Double((step &* 7_919 &+ attempt &* 104_729) % 1_009) / 1_009 + Double(attempt)
    }
    let many = try ChartKindTests.svg(
      try Self.results(attempts: 100, steps: 10_000, series: ", \"by\": \"seed\"", noise))
    #expect(many.utf8.count < 200_000, "\(many.utf8.count)")
    #expect(many.components(separatedBy: "<path class=\"course").count == 101)
    #expect(XMLParser(data: Data(many.utf8)).parse())
    let one = try ChartKindTests.svg(try Self.results(attempts: 10, steps: 100_000, noise))
    #expect(one.utf8.count < 200_000, "\(one.utf8.count)")
  }

  @Test func `the steps of a logarithmic axis of values leave out what is not above zero`() throws {
    let results = try Self.results(attempts: 1, steps: 4, members: ", \"y\": {\"log\": true}") { _, step in
      step == 1 ? 0 : pow(10, Double(step))
    }
    let page = try ReportPage(results).markdown
    #expect(page.contains("The axis of values is logarithmic. 1 value lies outside of the axes."))
    #expect(try ChartKindTests.svg(results).firstMatch(of: /d="[^"]*(?:nan|inf)/) == nil)
  }

  @Test func `an axis that is called step is an axis`() throws {
    var results = try Self.results(attempts: 3, steps: 1) { attempt, _ in Double(attempt) }
    for position in results.trials.indices {
      results.trials[position].assignment = [("step", .integer(Int64(position * 10)))]
    }
    #expect(try ChartKindTests.svg(results).contains("train: at 0: 0, at 10: 1.000, at 20: 2.000."))
  }
}
