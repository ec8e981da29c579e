import Foundation
import JSON
import Statistics
import StatisticsSimulation
import Testing

@Suite struct MedianIntervalTests {
  @Test func `intervals agree with the definition`() throws {
    let cases = try StatisticsFixtures("inference").root["medianInterval"]?.entries ?? []
    #expect(cases.count == 3)
    for fields in cases {
      let estimate = try medianInterval(of: fields.numbers("values"), level: fields.number("level"))
      #expect(agree(estimate.interval, fields.numbers("interval"), 1e-9))
    }
  }

  @Test func `five values cannot cover a median at 95 percent`() throws {
    #expect(
      try medianInterval(of: [1, 2, 3, 4, 5]).reason
        == "the range of 5 values covers the median with 93.8 %, below 95.0 %")
    #expect(try medianInterval(of: [1, 2, 3, 4, 5, 6]).interval != nil)
  }
}

@Suite struct ProportionIntervalTests {
  @Test func `intervals agree with statsmodels`() throws {
    let rows = try StatisticsFixtures("inference").root["proportions"]?.entries ?? []
    #expect(rows.count == 5)
    for row in rows {
      let n = row.numbers
      let interval = try proportionInterval(successes: Int(n[0]), of: Int(n[1]), level: n[2])
      #expect(abs(interval.lower - n[3]) < 1e-12 && abs(interval.upper - n[4]) < 1e-12, "\(n)")
    }
  }

  @Test func `more successes than trials are refused`() {
    let error = #expect(throws: StatisticsError.self) { try proportionInterval(successes: 3, of: 2) }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct UnitBootstrapTests {
  let bootstrap = Bootstrap(resamples: 499, seed: 42)

  private func spreads() throws -> (fields: JSONValue, statistic: ([Int]) -> Double) {
    let root = try StatisticsFixtures("inference").root
    let (x, y) = (root.numbers("first"), root.numbers("second"))
    func spread(_ values: [Double], _ chosen: [Int]) -> Double {
      let centre = mean(of: chosen.map { values[$0] })
      return chosen.reduce(0) { $0 + (values[$1] - centre) * (values[$1] - centre) }.squareRoot()
    }
    return (try #require(root["bootstrap"]), { spread(x, $0) / spread(y, $0) })
  }

  @Test func `units give SciPy's intervals on the same resamples`() throws {
    let (fields, statistic) = try spreads()
    let units = try #require(fields["units"])
    #expect(agree(try bootstrap.interval(units: 14, of: statistic), units.numbers("percentile"), 1e-10))
    var accelerated = bootstrap
    accelerated.method = .accelerated
    #expect(agree(try accelerated.interval(units: 14, of: statistic), units.numbers("BCa"), 1e-9))
  }

  @Test func `clusters and blocks of a series are drawn whole`() throws {
    let (fields, statistic) = try spreads()
    let clusters = [[0, 1, 2], [3, 4], [5, 6, 7, 8], [9, 10], [11, 12, 13]]
    #expect(agree(try bootstrap.interval(clusters: clusters, of: statistic), fields.numbers("clusters"), 1e-10))
    #expect(agree(try bootstrap.interval(series: 14, blockLength: 4, of: statistic), fields.numbers("series"), 1e-10))
  }

  @Test func `the studentized interval agrees with NumPy on the same resamples`() throws {
    let root = try StatisticsFixtures("inference").root
    let interval = try bootstrap.studentizedMeanInterval(from: root.numbers("first"))
    #expect(agree(interval, try #require(root["bootstrap"]).numbers("studentized"), 1e-9))
    #expect(try bootstrap.studentizedMeanInterval(from: [3, 3, 3, 3, 3]).lower == 3)
  }

  @Test func `a statistic without a value is refused`() {
    let error = #expect(throws: StatisticsError.self) { try bootstrap.interval(units: 3) { _ in .nan } }
    #expect(error?.code == .notFinite)
    let few = #expect(throws: StatisticsError.self) { try bootstrap.interval(units: 1) { _ in 0 } }
    #expect(few?.code == .tooFewValues)
  }

  @Test func `ranks drawn directly have the distribution of drawn indices`() throws {
    // The interval of the median of 300 and 301 equally spaced values, by both ways: one drawn by index through units.
    for count in [300, 301] {
      let values = (0..<count).map { Double($0) }
      let direct = try Bootstrap(resamples: 4000, seed: 3).interval(of: .median, from: values)
      let indexed = try Bootstrap(resamples: 4000, seed: 4).interval(units: count) { median(of: $0.map { values[$0] }) }
      #expect(abs(direct.lower - indexed.lower) < 2.5 && abs(direct.upper - indexed.upper) < 2.5)
    }
    let values = (0..<1001).map { Double($0) }
    let direct = try Bootstrap(resamples: 4000, seed: 3).interval(of: .mean, from: values)
    let reach = 1.96 * 1001 / (12 * 1001.0).squareRoot()
    #expect(abs(direct.lower - (500 - reach)) < 1.2 && abs(direct.upper - (500 + reach)) < 1.2)
  }
}

@Suite struct BlockJackknifeTests {
  @Test func `unequal blocks agree with the definition`() throws {
    let root = try StatisticsFixtures("inference").root
    let fields = try #require(root["jackknife"])
    let (x, y) = (root.numbers("first"), root.numbers("second"))
    let blocks = (fields["blocks"]?.entries ?? []).map { $0.numbers.map { Int($0) } }
    let jackknife = try BlockJackknife(sizes: blocks.map(\.count)) { kept in
      let chosen = kept.flatMap { blocks[$0] }
      return mean(of: chosen.map { x[$0] }) / mean(of: chosen.map { y[$0] })
    }
    #expect(agree(jackknife.estimate, fields.number("estimate"), 1e-12))
    #expect(agree(jackknife.biasCorrected, fields.number("biasCorrected"), 1e-10))
    #expect(agree(jackknife.standardError, fields.number("standardError"), 1e-9))
  }

  @Test func `single values give the standard error of a mean`() throws {
    let values = [1.0, 4, 2, 8, 5]
    let jackknife = try BlockJackknife(sizes: values.map { _ in 1 }) { kept in mean(of: kept.map { values[$0] }) }
    let test = try StudentTest(of: values)
    #expect(abs(jackknife.standardError - test.standardError) < 1e-12)
    #expect(abs(jackknife.interval.lower - test.interval.lower) < 1e-12)
  }

  @Test func `halves give nearly the standard error of a mean`() throws {
    var generator = ResamplingGenerator(seed: 2)
    let values = Population.normal.sample(61, using: &generator)
    let halves = try HalfSampling(units: 61, halves: 2000) { chosen in mean(of: chosen.map { values[$0] }) }
    let test = try StudentTest(of: values)
    #expect(abs(halves.standardError / test.standardError - 1) < 0.05)
    #expect(abs(halves.sizeEffect) < 0.02)
    let error = #expect(throws: StatisticsError.self) { try HalfSampling(units: 3) { _ in 0 } }
    #expect(error?.code == .tooFewValues)
  }
}

@Suite struct ConfidenceSequenceTests {
  @Test func `bounds are where the integrated Bayes factor reaches its limit`() throws {
    for row in try StatisticsFixtures("inference").root["sequence"]?.entries ?? [] {
      let n = row.numbers
      var sequence = ConfidenceSequence(level: n[1], priorVariance: n[2])
      let values = (0..<Int(n[0])).map { Double(($0 * 7) % 5) }
      for value in values { sequence.append(value) }
      let interval = try #require(sequence.interval)
      let t = (interval.upper - sequence.mean) / (try StudentTest(of: values).standardError)
      #expect(abs(t - n[3]) < 1e-6, "\(n) \(t)")
    }
  }

  @Test func `looking after every value rarely loses the truth`() throws {
    for population in [Population.normal, .logNormal] {
      var generator = ResamplingGenerator(seed: 21)
      let lost = try (0..<400).count { _ in
        var sequence = try ConfidenceSequence(tightestAt: 50)
        return population.sample(150, using: &generator).contains { value in
          sequence.append(value)
          return sequence.interval.map { !$0.contains(population.mean) } ?? false
        }
      }
      #expect(lost <= (population == .normal ? 24 : 40), "\(population): \(lost)")
    }
  }

  @Test func `a clear slow-down is decided early and none at all is not decided wrongly`() throws {
    var generator = ResamplingGenerator(seed: 8)
    func run(_ ratio: Double, margin: Double) throws -> (SequentialComparison.Decision, Int) {
      var comparison = try SequentialComparison(margin: margin, maximumPairs: 200)
      while comparison.decision == .undecided {
        let noise = (Population.normal(&generator), Population.normal(&generator))
        _ = try comparison.append(numerator: ratio * exp(0.05 * noise.0), denominator: exp(0.05 * noise.1))
      }
      return (comparison.decision, comparison.count)
    }
    let slow = try run(1.2, margin: 0)
    #expect(slow.0 == .above && slow.1 < 30)
    #expect(try run(0.8, margin: 0).0 == .below)
    #expect(try run(1, margin: 0.05).0 == .equivalent)
    var comparison = try SequentialComparison()
    let error = #expect(throws: StatisticsError.self) { try comparison.append(numerator: 0, denominator: 1) }
    #expect(error?.code == .outOfRange)
  }
}
