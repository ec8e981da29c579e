import JSON
import Statistics
import StatisticsSimulation
import Testing

@Suite struct LackOfFitTestTests {
  @Test func `tails of the F distribution agree with SciPy`() throws {
    for row in try StatisticsFixtures("inference").root["fisher"]?.entries ?? [] {
      let n = row.numbers
      #expect(agree(FisherDistribution.upperTail(n[0], numerator: n[1], denominator: n[2]), n[3], 1e-10), "\(n)")
    }
  }

  @Test func `a bent curve agrees with NumPy and SciPy`() throws {
    for fields in try StatisticsFixtures("inference").root["lackOfFit"]?.entries ?? [] {
      let test = try LackOfFitTest(x: fields.numbers("x"), y: fields.numbers("y"))
      #expect(agree(test.statistic, fields.number("statistic"), 1e-9))
      #expect(agree(test.pValue, fields.number("pValue"), 1e-8))
    }
  }

  @Test func `measurements without repetition are refused`() {
    let error = #expect(throws: StatisticsError.self) { try LackOfFitTest(x: [1, 2, 3], y: [1, 2, 4]) }
    #expect(error?.code == .tooFewValues)
  }

  @Test func `a disturbance of whole rounds widens nothing that it should not`() throws {
    // Rounds that shift all their points leave the slope alone: the block bootstrap sees that, the t interval does not.
    let rounds = (0..<12).flatMap { [Int](repeating: $0, count: 3) }
    let x = (0..<36).map { Double($0 % 3) }
    let y = zip(x, rounds).map { 2 * $0 + Double(($1 * 7) % 12) }
    let blocks = try LinearTrend.slopeInterval(x: x, y: y, rounds: rounds, bootstrap: Bootstrap(resamples: 500))
    #expect(abs(blocks.lower - 2) < 1e-9 && abs(blocks.upper - 2) < 1e-9)
    #expect(try LinearTrend(x: x, y: y).slopeInterval.lower < 1)
    let error = #expect(throws: StatisticsError.self) { try LinearTrend.slopeInterval(x: x, y: y, rounds: [1]) }
    #expect(error?.code == .unequalLengths)
  }
}

@Suite struct VarianceComponentsTests {
  @Test func `Davies' dyestuff has variances 1764,05 and 2451,25`() throws {
    let batches = try StatisticsFixtures("inference").root["dyestuff"]?.entries.map(\.numbers) ?? []
    let components = try VarianceComponents(processes: batches)
    #expect(abs(components.process - 1764.05) < 1e-9)
    #expect(abs(components.repetition - 2451.25) < 1e-9)
    #expect(components.seed == nil && components.truncated.isEmpty)
    // lme4 prints a standard error of 19.38 for the mean.
    #expect(abs(components.standardErrorOfMean(processes: 6, repetitions: 5) - 19.383) < 1e-3)
    #expect(components.bestRepetitions(processCost: 10, repetitionCost: 1) == 4)
  }

  @Test func `nested data agree with projection matrices and, if balanced, with REML`() throws {
    let root = try StatisticsFixtures("inference").root
    for name in ["balanced", "unbalanced"] {
      let fields = try #require(root[name])
      let seeds = (fields["seeds"]?.entries ?? []).map { $0.entries.map(\.numbers) }
      let components = try VarianceComponents(seeds: seeds)
      let found = [components.seed ?? -1, components.process, components.repetition]
      for (a, b) in zip(found, fields.numbers("components")) { #expect(agree(a, b, 1e-9), "\(name)") }
      for (a, b) in zip(found, fields.numbers("restrictedLikelihood")) { #expect(agree(a, b, 1e-6), "\(name)") }
    }
  }

  @Test func `a component too small to be seen is zero and named`() throws {
    let components = try VarianceComponents(processes: [[1, 2, 3], [1.1, 2, 2.9], [0.9, 2, 3.1]])
    #expect(components.process == 0 && components.truncated == ["process"])
    #expect(components.bestRepetitions(processCost: 1, repetitionCost: 1) == nil)
  }

  @Test func `a level without repetition is refused`() {
    let error = #expect(throws: StatisticsError.self) { try VarianceComponents(seeds: [[[1, 2]], [[3, 4]]]) }
    #expect(error?.code == .tooFewValues)
  }
}

@Suite struct ChangePointsTests {
  private func series(_ levels: [(Double, Int)], seed: UInt64) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    return levels.flatMap { level, count in (0..<count).map { _ in level + 0.3 * Population.normal(&generator) } }
  }

  @Test func `two steps are found where they are`() throws {
    let result = try ChangePoints(in: series([(10, 40), (11.5, 30), (9, 50)], seed: 4))
    #expect(result.changes.map(\.index) == [40, 70])
    #expect(result.levels.count == 3 && abs(result.levels[1] - 11.5) < 0.2)
    #expect(result.changes.first.map { $0.after > $0.before } == true)
  }

  @Test func `the cuts are the best of all cuts for their penalty`() throws {
    for seed in 0..<6 {
      let values = series([(1, 7), (2, 4), (1.2, 8)], seed: UInt64(seed))
      let result = try ChangePoints(in: values, falseAlarmRate: 0.2, shuffles: 19)
      let bounds = [0] + result.changes.map(\.index) + [values.count]
      let own = zip(bounds, bounds.dropFirst()).reduce(0) { $0 + cost(values[$1.0..<$1.1]) }
      #expect(own + result.penalty * Double(result.changes.count) <= best(values, result.penalty) + 1e-9)
    }
  }

  private func cost(_ values: ArraySlice<Double>) -> Double {
    let level = median(of: Array(values))
    return values.reduce(0) { $0 + abs($1 - level) }
  }

  /// The least cost of any segmentation into pieces of three values or more, by plain dynamic programming.
  private func best(_ values: [Double], _ penalty: Double) -> Double {
    var least = [-penalty] + [Double](repeating: .infinity, count: values.count)
    for end in 3...values.count {
      for start in 0...(end - 3) { least[end] = min(least[end], least[start] + cost(values[start..<end]) + penalty) }
    }
    return least[values.count]
  }

  @Test func `outliers, equal values and short series are not changes`() throws {
    var values = series([(10, 60)], seed: 5)
    values[20] = 30
    values[41] = 1
    #expect(try ChangePoints(in: values).changes.isEmpty)
    #expect(try ChangePoints(in: [Double](repeating: 0.8599, count: 50)).changes.isEmpty)
    #expect(try ChangePoints(in: [1, 2, 1, 2, 9]).changes.isEmpty)
    #expect(try ChangePoints(in: (0..<30).map { $0 < 15 ? 1 : 2 }).changes.map(\.index) == [15])
  }

  @Test func `false alarms are about as rare as stated`() throws {
    var generator = ResamplingGenerator(seed: 12)
    let alarms = try (0..<150).count { _ in
      let values = (0..<40).map { _ in Population.normal(&generator) }
      return try !ChangePoints(in: values, falseAlarmRate: 0.05, shuffles: 99).changes.isEmpty
    }
    #expect(alarms <= 16)
  }

  @Test func `a rate that so few shuffles cannot show is refused`() {
    let error = #expect(throws: StatisticsError.self) {
      try ChangePoints(in: [1, 2], falseAlarmRate: 0.01, shuffles: 20)
    }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct NoiseBandTests {
  let history = [1.00, 1.02, 0.99, 1.01, 1.00, 1.03, 1.01, 1.00, 0.98, 1.01]

  @Test func `the limit is the upper quartile and three interquartile ranges of past changes`() throws {
    let band = try NoiseBand(history: history)
    let changes = zip(history, history.dropFirst()).map { max($0, $1) / min($0, $1) - 1 }
    let summary = try Summary(of: changes)
    #expect(abs(band.limit - (4 * summary.quantile(0.75) - 3 * summary.quantile(0.25))) < 1e-15)
    #expect(band.count == 9)
    #expect(band.verdict(from: 1, to: 1.02) == .withinNoise)
    #expect(band.verdict(from: 1, to: 1.2) == .higher)
    #expect(band.verdict(from: 1.2, to: 1) == .lower)
  }

  @Test func `a short history and a value of zero are refused`() {
    let short = #expect(throws: StatisticsError.self) { try NoiseBand(history: [1, 2, 3]) }
    #expect(short?.code == .tooFewValues)
    let zero = #expect(throws: StatisticsError.self) { try NoiseBand(history: history + [0]) }
    #expect(zero?.code == .outOfRange)
  }
}
