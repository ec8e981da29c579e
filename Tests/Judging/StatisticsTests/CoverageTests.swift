import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// Simulated experiments with fixed seeds; StatisticsBenchmark prints the full table, which is in Docs/Statistics.md.
@Suite struct CoverageTests {
  static let cells = Population.required.flatMap { population in [10, 30, 100].map { (population, $0) } }

  @Test(arguments: cells)
  func `medians and pseudo-medians are covered 93 to 97 times in 100`(population: Population, count: Int) throws {
    let median = try Coverage(trials: 1000, truth: population.median, seed: 5) { generator in
      try Location.median.interval(of: population.sample(count, using: &generator)).interval
    }
    expectNominal(median)
    let trials = count == 100 ? 200 : 800
    let pseudomedian = try Coverage(trials: trials, truth: population.pseudomedian, seed: 6) { generator in
      try Location.pseudomedian.interval(of: population.sample(count, using: &generator)).interval
    }
    expectNominal(pseudomedian)
  }

  @Test(arguments: cells)
  func `means are covered 93 to 97 times in 100`(population: Population, count: Int) throws {
    let coverage = try Coverage(trials: 12_000 / (count + 20), truth: population.mean, seed: 7) { generator in
      let values = population.sample(count, using: &generator)
      return try Location.mean.interval(of: values, seed: generator.next()).interval
    }
    expectNominal(coverage)
  }

  /// The share lies in 93 to 97 %, up to three standard errors of the simulation.
  private func expectNominal(_ coverage: Coverage) {
    let error = 3 * (0.95 * 0.05 / Double(coverage.given)).squareRoot()
    #expect(coverage.share > 0.93 - error && coverage.share < 0.97 + error, "\(coverage)")
    #expect(coverage.given * 10 > coverage.trials * 7, "\(coverage)")
  }

  @Test func `where no method keeps its level the reason is given`() throws {
    let few = try Location.mean.interval(of: [1, 2, 3])
    #expect(
      few == .unreliable(reason: "3 values are too few for an interval of the mean that keeps 95.0 %; measure 10"))
    let skewed = try Location.mean.interval(of: [Double](repeating: 1, count: 29) + [50])
    #expect(skewed.reason == "30 values with a skewness of 5.2 do not show the mean; measure 100 or use the median")
    let gap = try Location.median.interval(of: [1, 1.1, 1.2, 1.3, 1.4, 9, 9.1, 9.2, 9.3, 9.4])
    #expect(gap.reason?.contains("two groups") == true)
  }

  @Test func `processes and not their repetitions are the independent values`() throws {
    let right = try Coverage(trials: 600, truth: 10, seed: 3) { generator in
      try Location.pseudomedian.interval(ofProcesses: Population.processes(12, using: &generator)).interval
    }
    expectNominal(right)
    let wrong = try Coverage(trials: 600, truth: 10, seed: 3) { generator in
      try meanInterval(of: Population.processes(12, using: &generator).flatMap(\.self))
    }
    #expect(wrong.share < 0.85)
  }

  @Test func `a drift of 20 percent leaves paired ratios valid and breaks unpaired ones`() throws {
    let pairs = 30
    func measure(_ position: Double, _ generator: inout ResamplingGenerator) -> Double {
      (1 + 0.2 * position / Double(2 * pairs)) * exp(0.02 * Population.normal(&generator))
    }
    // Truth: B takes 1.1 times as long as A. Interleaved, the machine slows down by a fifth in the meantime.
    let paired = try Coverage(trials: 500, truth: 1.1, seed: 31) { generator in
      let a = (0..<pairs).map { measure(Double(2 * $0 + $0 % 2), &generator) }
      let b = (0..<pairs).map { 1.1 * measure(Double(2 * $0 + 1 - $0 % 2), &generator) }
      let comparison = try PairedComparison(numerators: b, denominators: a, bootstrap: Bootstrap(resamples: 1))
      return comparison.geometricMeanInterval
    }
    expectNominal(paired)
    // All A first, then all B: the drift looks like a difference.
    let unpaired = try Coverage(trials: 500, truth: log(1.1), seed: 31) { generator in
      let a = (0..<pairs).map { log(measure(Double($0), &generator)) }
      let b = (0..<pairs).map { log(1.1 * measure(Double(pairs + $0), &generator)) }
      return try StudentTest(first: b, second: a).interval
    }
    #expect(unpaired.share < 0.05)
  }

  @Test func `a slow-down of 5 percent at 5 percent noise is found in 30 pairs`() throws {
    var generator = ResamplingGenerator(seed: 17)
    var found = 0
    for _ in 0..<1000 {
      let before = (0..<30).map { _ in exp(0.05 * Population.normal(&generator)) }
      let after = (0..<30).map { _ in 1.05 * exp(0.05 * Population.normal(&generator)) }
      let comparison = try PairedComparison(
        numerators: after, denominators: before, bootstrap: Bootstrap(resamples: 1))
      if let interval = comparison.geometricMeanInterval, interval.lower > 1 { found += 1 }
    }
    #expect(found >= 950, "\(found)")
    let power = try PairedPower(difference: log(1.05), standardDeviation: 0.05 * 2.0.squareRoot()).power(pairs: 30)
    #expect(power > 0.95)
  }
}
