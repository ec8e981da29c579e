import JSON
import Statistics
import Testing

@Suite struct SummaryTests {
  @Test func `descriptions agree with NumPy and SciPy`() throws {
    let samples = try StatisticsFixtures().samples
    #expect(samples.count == 6)
    for (name, fields) in samples {
      let summary = try Summary(of: fields["values"]?.numbers ?? [])
      #expect(agree(summary.mean, fields["mean"]?.doubleValue, 1e-13), "\(name)")
      #expect(agree(summary.standardDeviation ?? -1, fields["standardDeviation"]?.doubleValue, 1e-9), "\(name)")
      #expect(agree(summary.median, fields["median"]?.doubleValue, 1e-14), "\(name)")
      #expect(
        agree(summary.medianAbsoluteDeviation, fields["medianAbsoluteDeviation"]?.doubleValue, 1e-9), "\(name)")
      for pair in fields["quantiles"]?.arrayValue ?? [] {
        #expect(agree(summary.quantile(pair.numbers[0]), pair.numbers[1], 1e-13), "\(name) at \(pair.numbers[0])")
      }
    }
  }

  @Test func `one value has no standard deviation`() throws {
    let summary = try Summary(of: [3])
    #expect(summary.standardDeviation == nil)
    #expect(summary.median == 3 && summary.medianAbsoluteDeviation == 0)
    #expect(summary.minimum == 3 && summary.maximum == 3)
  }

  @Test func `equal values have a spread of exactly zero`() throws {
    #expect(try Summary(of: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).standardDeviation == 0)
  }

  @Test func `no values and NaN are refused by name`() {
    let empty = #expect(throws: StatisticsError.self) { try Summary(of: []) }
    #expect(empty?.description == "a summary needs at least 1 values and has 0")
    let broken = #expect(throws: StatisticsError.self) { try Summary(of: [1, .nan]) }
    #expect(broken?.code == .notFinite)
    #expect(broken?.message == "a summary needs finite values and value 2 of 2 is nan")
  }
}

@Suite struct ConfidenceIntervalTests {
  @Test func `intervals of a mean agree with SciPy`() throws {
    for (name, fields) in try StatisticsFixtures().samples {
      let interval = try meanInterval(of: fields["values"]?.numbers ?? [])
      let expected = fields["meanInterval"]?.numbers ?? []
      #expect(agree(interval.lower, expected[0], 1e-9), "\(name)")
      #expect(agree(interval.upper, expected[1], 1e-9), "\(name)")
    }
  }

  @Test func `scaling by a negative factor swaps the bounds`() {
    let interval = ConfidenceInterval(lower: 1, upper: 3, level: 0.9).scaled(by: -2)
    #expect(interval == ConfidenceInterval(lower: -6, upper: -2, level: 0.9))
    #expect(interval.contains(-6) && !interval.contains(0))
  }

  @Test func `a level outside its range is refused`() {
    let error = #expect(throws: StatisticsError.self) { try meanInterval(of: [1, 2], level: 1) }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct DistributionTests {
  @Test func `tails and quantiles of Student's t agree with SciPy`() throws {
    let root = try StatisticsFixtures().root
    for row in root["studentUpperTail"]?.arrayValue ?? [] {
      let n = row.numbers
      #expect(agree(StudentDistribution.upperTail(n[0], degreesOfFreedom: n[1]), n[2], 1e-11), "\(n)")
    }
    for row in root["studentUpperQuantile"]?.arrayValue ?? [] {
      let n = row.numbers
      #expect(agree(StudentDistribution.upperQuantile(n[0], degreesOfFreedom: n[1]), n[2], 1e-10), "\(n)")
    }
  }

  @Test func `quantiles of the normal distribution agree with SciPy`() throws {
    for row in try StatisticsFixtures().root["normalQuantile"]?.arrayValue ?? [] {
      #expect(agree(NormalDistribution.quantile(row.numbers[0]), row.numbers[1], 1e-11), "\(row.numbers)")
    }
    #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
  }
}

@Suite struct LinearTrendTests {
  @Test func `the slope alone agrees with SciPy and takes two points`() throws {
    for row in try StatisticsFixtures("inference").root["slope"]?.entries ?? [] {
      let parts = row.entries
      #expect(agree(try LinearTrend.slope(x: parts[0].numbers, y: parts[1].numbers), parts[2].doubleValue, 1e-12))
    }
    #expect(try LinearTrend.slope(x: [1, 3], y: [5, 4]) == -0.5)
    let error = #expect(throws: StatisticsError.self) { try LinearTrend.slope(x: [1, 1], y: [1, 2]) }
    #expect(error?.code == .noSpread)
  }

  @Test func `lines agree with SciPy`() throws {
    let lines = try StatisticsFixtures().root["lines"]?.arrayValue ?? []
    #expect(lines.count == 3)
    for line in lines {
      let trend = try LinearTrend(x: line["x"]?.numbers ?? [], y: line["y"]?.numbers ?? [])
      #expect(agree(trend.slope, line["slope"]?.doubleValue, 1e-10))
      #expect(agree(trend.intercept, line["intercept"]?.doubleValue, 1e-10))
      #expect(agree(trend.slopeError, line["slopeError"]?.doubleValue, 1e-10))
      #expect(agree(trend.slopeInterval.lower, line["slopeInterval"]?.numbers[0], 1e-9))
      #expect(agree(trend.slopeInterval.upper, line["slopeInterval"]?.numbers[1], 1e-9))
      #expect(agree(trend.determination, line["determination"]?.doubleValue, 1e-10))
    }
  }

  @Test func `equal x are refused`() {
    let error = #expect(throws: StatisticsError.self) { try LinearTrend(x: [1, 1, 1], y: [1, 2, 3]) }
    #expect(error?.code == .noSpread)
  }
}

@Suite struct EquivalenceTestTests {
  @Test func `p values agree with SciPy's one-sided tests`() throws {
    for (name, fields) in try StatisticsFixtures().samples {
      let margin = fields["equivalence"]?["margin"]?.doubleValue ?? 0
      let test = try EquivalenceTest(differences: fields["values"]?.numbers ?? [], margin: margin)
      #expect(agree(test.pValue, fields["equivalence"]?["pValue"]?.doubleValue, 1e-6), "\(name)")
      #expect(test.isEquivalent == (test.interval.lower > -margin && test.interval.upper < margin), "\(name)")
    }
  }

  @Test func `differences without spread are decided by their value`() throws {
    #expect(try EquivalenceTest(differences: [0.1, 0.1, 0.1], margin: 0.2).isEquivalent)
    #expect(try !EquivalenceTest(differences: [0.3, 0.3, 0.3], margin: 0.2).isEquivalent)
  }

  @Test func `a margin of zero is refused`() {
    let error = #expect(throws: StatisticsError.self) { try EquivalenceTest(differences: [1, 2], margin: 0) }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct SignFlipTestTests {
  @Test func `exact p values agree with SciPy`() throws {
    for (name, fields) in try StatisticsFixtures().samples {
      let test = try SignFlipTest(differences: fields["values"]?.numbers ?? [])
      #expect(test.isExact)
      #expect(agree(test.pValue, fields["signFlip"]?.doubleValue, 1e-12), "\(name)")
    }
  }

  @Test func `five trials cannot reach five percent`() throws {
    #expect(try SignFlipTest(differences: [1, 1, 1, 1, 1]).pValue == 0.0625)
    #expect(try SignFlipTest(differences: [1, 1, 1, 1, 1, 1]).pValue == 0.03125)
  }

  @Test func `many differences use a reproducible random test`() throws {
    let differences = (0..<40).map { Double($0 % 7) - 2.5 }
    let test = try SignFlipTest(differences: differences, seed: 3)
    #expect(!test.isExact && test.patterns == 20_001)
    #expect(try test == SignFlipTest(differences: differences, seed: 3))
    #expect(test.pValue > 0.05 && test.pValue < 0.4)
  }
}
