import Foundation
import JSON
import Statistics
import Testing

@Suite struct StudentTestTests {
  @Test func `tests of a mean agree with SciPy`() throws {
    for fields in try StatisticsFixtures("inference").root["student"]?.entries ?? [] {
      let test = try StudentTest(of: fields.numbers("values"), hypothesis: fields.number("hypothesis"))
      #expect(agree(test.statistic, fields.number("statistic"), 1e-11))
      #expect(agree(test.pValue, fields.number("pValue"), 1e-10))
      #expect(agree(test.interval, fields.numbers("interval"), 1e-10))
    }
  }

  @Test func `Welch's test and its equivalence form agree with SciPy and statsmodels`() throws {
    let cases = try StatisticsFixtures("inference").root["welch"]?.entries ?? []
    #expect(cases.count == 2)
    for fields in cases {
      let (first, second) = (fields.numbers("first"), fields.numbers("second"))
      let test = try StudentTest(first: first, second: second)
      #expect(agree(test.statistic, fields.number("statistic"), 1e-11))
      #expect(agree(test.degreesOfFreedom, fields.number("degreesOfFreedom"), 1e-11))
      #expect(agree(test.pValue, fields.number("pValue"), 1e-9))
      #expect(agree(test.interval, fields.numbers("interval"), 1e-10))
      let equivalence = try EquivalenceTest(first: first, second: second, margin: fields.number("margin"))
      #expect(agree(equivalence.pValue, fields.number("equivalence"), 1e-9))
    }
  }

  @Test func `values that do not vary are certain`() throws {
    #expect(try StudentTest(of: [2, 2, 2]).pValue == 0)
    #expect(try StudentTest(of: [2, 2, 2], hypothesis: 2).pValue == 1)
  }

  @Test func `ratios within the margin are equivalent`() throws {
    let base = [1.0, 1.1, 0.9, 1.05, 1.2, 1.0]
    let near = zip(base, [1.01, 0.99, 1.0, 1.02, 0.99, 1.0]).map { $0 * $1 }
    #expect(try EquivalenceTest(numerators: near, denominators: base, margin: 0.05).isEquivalent)
    #expect(try !EquivalenceTest(numerators: near.map { $0 * 1.05 }, denominators: base, margin: 0.05).isEquivalent)
    let error = #expect(throws: StatisticsError.self) {
      try EquivalenceTest(numerators: [1, 0], denominators: [1, 1], margin: 0.05)
    }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct OneSidedTestTests {
  @Test func `quantiles from the middle to the far tail agree with SciPy`() throws {
    for row in try StatisticsFixtures("inference").root["upperQuantiles"]?.entries ?? [] {
      let n = row.numbers
      #expect(agree(StudentDistribution.upperQuantile(n[0], degreesOfFreedom: n[1]), n[2], 1e-9), "\(n)")
      #expect(agree(-StudentDistribution.upperQuantile(1 - n[0], degreesOfFreedom: n[1]), n[2], 1e-6), "\(n)")
    }
    #expect(StudentDistribution.upperQuantile(0.5, degreesOfFreedom: 3) == 0)
  }

  @Test func `both directions and the needed numbers agree with SciPy`() throws {
    let cases = try StatisticsFixtures("inference").root["oneSided"]?.entries ?? []
    #expect(cases.count == 6)
    for fields in cases {
      let test = OneSidedTest(of: fields.numbers("values"), bound: fields.number("bound"))
      #expect(agree(test.abovePValue, fields.number("abovePValue"), 1e-9))
      #expect(agree(test.belowPValue, fields.number("belowPValue"), 1e-9))
      let needed = try test.neededCount(significance: fields.number("significance"), limit: 1000)
      #expect(needed == fields["neededCount"]?.intValue, "\(fields)")
    }
  }

  @Test func `values that do not vary are certain, and one value or NaN establishes nothing`() throws {
    let certain = OneSidedTest(of: [2, 2, 2], bound: 1)
    #expect(certain.abovePValue == 0 && certain.belowPValue == 1)
    #expect(try certain.neededCount(significance: 0.05, limit: 100) == nil)
    let equal = OneSidedTest(of: [1, 1], bound: 1)
    #expect(equal.abovePValue == 1 && equal.belowPValue == 1)
    for values in [[], [3], [1, .nan]] {
      let test = OneSidedTest(of: values)
      #expect(test.abovePValue == 1 && test.belowPValue == 1 && test.count == values.count)
    }
  }

  @Test func `the two directions are mirror images`() {
    let values = [0.3, 0.9, -0.2, 0.4]
    let (test, mirror) = (OneSidedTest(of: values, bound: 0.1), OneSidedTest(of: values.map { -$0 }, bound: -0.1))
    #expect(test.abovePValue == mirror.belowPValue && test.belowPValue == mirror.abovePValue)
  }
}

@Suite struct MultiplicityCorrectionTests {
  @Test func `a value below its threshold is rejected and one above is not`() throws {
    for correction in MultiplicityCorrection.allCases {
      let thresholds = try correction.thresholds(for: [0.001, 0.03, 0.0004, 0.9], significance: 0.05)
      // The second stays the third in rank, and the two before it are rejected.
      for factor in [0.999, 1.001] {
        let adjusted = try correction.adjusted([0.001, thresholds[1] * factor, 0.0004, 0.9])
        #expect((adjusted[1] < 0.05) == (factor < 1), "\(correction)")
      }
    }
    let holm = try MultiplicityCorrection.holm.thresholds(for: [0.3, 0.01, 0.3], significance: 0.06)
    #expect(holm == [0.03, 0.02, 0.06])
    let error = #expect(throws: StatisticsError.self) {
      try MultiplicityCorrection.holm.thresholds(for: [2], significance: 0.05)
    }
    #expect(error?.code == .outOfRange)
  }

  @Test func `adjusted p values agree with statsmodels`() throws {
    let fields = try #require(StatisticsFixtures("inference").root["adjusted"])
    for correction in MultiplicityCorrection.allCases {
      let adjusted = try correction.adjusted(fields.numbers("pValues"))
      for (found, expected) in zip(adjusted, fields.numbers(correction.rawValue)) {
        #expect(agree(found, expected, 1e-14))
      }
      #expect(adjusted.count == 7)
      #expect(try correction.adjusted([]).isEmpty)
    }
  }

  @Test func `a p value above one is refused`() {
    let error = #expect(throws: StatisticsError.self) { try MultiplicityCorrection.holm.adjusted([0.2, 1.2]) }
    #expect(error?.code == .outOfRange)
  }
}

@Suite struct PitmanMorganTestTests {
  @Test func `p values and the interval agree with SciPy's correlation`() throws {
    let fields = try #require(StatisticsFixtures("inference").root["pitmanMorgan"]?.entries.first)
    let test = try PitmanMorganTest(first: fields.numbers("first"), second: fields.numbers("second"))
    #expect(agree(test.ratio, fields.number("ratio"), 1e-12))
    #expect(agree(test.pValue, fields.number("pValue"), 1e-9))
    #expect(agree(test.robustPValue, fields.number("robustPValue"), 1e-9))
    #expect(agree(test.interval, fields.numbers("interval"), 1e-9))
  }

  @Test func `equal spreads have ratio one and constant values are refused`() throws {
    let test = try PitmanMorganTest(first: [1, 2, 3, 4], second: [2, 1, 4, 3])
    #expect(test.ratio == 1 && test.pValue == 1 && test.correlation == 0)
    let error = #expect(throws: StatisticsError.self) { try PitmanMorganTest(first: [1, 2, 3], second: [1, 1, 1]) }
    #expect(error?.code == .noSpread)
  }
}

@Suite struct PairedPowerTests {
  @Test func `the noncentral t distribution agrees with SciPy`() throws {
    for row in try StatisticsFixtures("inference").root["noncentral"]?.entries ?? [] {
      let n = row.numbers
      let found = NoncentralStudentDistribution.cumulative(n[0], degreesOfFreedom: n[1], noncentrality: n[2])
      #expect(agree(found, n[3], 1e-9), "\(n) \(found)")
    }
  }

  @Test func `power and numbers of pairs agree with statsmodels`() throws {
    let root = try StatisticsFixtures("inference").root
    for row in root["power"]?.entries ?? [] {
      let n = row.numbers
      let power = try PairedPower(difference: -n[0], standardDeviation: 1, significance: n[2])
      #expect(agree(power.power(pairs: Int(n[1])), n[3], 1e-8), "\(n)")
    }
    for row in root["oneSidedPower"]?.entries ?? [] {
      let n = row.numbers
      let power = try PairedPower(difference: n[0], standardDeviation: 1, significance: n[2], sides: .one)
      #expect(agree(power.power(pairs: Int(n[1])), n[3], 1e-8), "\(n)")
    }
    for row in root["pairs"]?.entries ?? [] {
      let n = row.numbers
      #expect(try PairedPower(difference: 2 * n[0], standardDeviation: 2).pairs(forPower: n[1]) == Int(n[2]))
    }
  }

  @Test func `the least number is the least, wherever the search begins`() throws {
    for effect in [3.0, 1, 0.4, 0.1, 0.02] {
      for power in [0.3, 0.8, 0.99] {
        let design = try PairedPower(difference: effect, standardDeviation: 1)
        let pairs = try #require(try design.pairs(forPower: power))
        #expect(design.power(pairs: pairs) >= power)
        #expect(pairs == 2 || design.power(pairs: pairs - 1) < power)
        #expect(try design.pairs(forPower: power, limit: pairs) == pairs)
        if pairs > 2 { #expect(try design.pairs(forPower: power, limit: pairs - 1) == nil) }
      }
    }
  }

  @Test func `no difference is never found with enough power`() throws {
    #expect(try PairedPower(difference: 0, standardDeviation: 1).pairs(forPower: 0.8) == nil)
    #expect(try PairedPower(difference: 1e6, standardDeviation: 1).power(pairs: 5) == 1)
  }

  @Test func `advice names the seeds that are missing`() throws {
    let open = try ReplicationAdvice(differences: [0.5, -0.2, 0.4, 0.1, 0.6, -0.3])
    let more = try #require(open.additionalPairs)
    #expect(!open.isDecided && open.power < 0.8 && more > 5 && more < 40)
    let decided = try ReplicationAdvice(differences: [0.5, 0.52, 0.49, 0.51])
    #expect(decided.isDecided && decided.additionalPairs == 0)
    #expect(try ReplicationAdvice(differences: [1, -1, 1, -1]).additionalPairs == nil)
    let error = #expect(throws: StatisticsError.self) { try ReplicationAdvice(differences: [1, 1]) }
    #expect(error?.code == .noSpread)
  }
}
