import JSON
import Statistics
import Testing

@Suite struct SignedRankTestTests {
  @Test func `exact, tied and large samples agree with SciPy`() throws {
    let cases = try StatisticsFixtures("inference").root["signedRank"]?.entries ?? []
    #expect(cases.count == 3)
    for fields in cases {
      let test = try SignedRankTest(differences: fields.numbers("differences"))
      #expect(test.rankSum == fields.number("statistic"))
      #expect(agree(test.pValue, fields.number("pValue"), 1e-9))
    }
  }

  @Test func `Hollander and Wolfe's depression scale gives V = 40 and p = 0,03906`() throws {
    let fields = try #require(StatisticsFixtures("inference").root["signedRank"]?.entries.first)
    let test = try SignedRankTest(differences: fields.numbers("differences"))
    #expect(test.rankSum == 40 && test.pValue == 20.0 / 512 && test.isExact)
  }

  @Test func `differences that are all zero say nothing`() throws {
    let test = try SignedRankTest(differences: [0, 0])
    #expect(test.count == 0 && test.pValue == 1 && test.effect == 0)
  }
}

@Suite struct RankSumTestTests {
  @Test func `exact, tied and large samples agree with SciPy`() throws {
    let cases = try StatisticsFixtures("inference").root["rankSum"]?.entries ?? []
    #expect(cases.count == 3)
    for fields in cases {
      let test = try RankSumTest(first: fields.numbers("first"), second: fields.numbers("second"))
      #expect(test.statistic == fields.number("statistic"))
      #expect(agree(test.pValue, fields.number("pValue"), 1e-9))
    }
  }

  @Test func `separated samples of three have the least p value of one in ten`() throws {
    let test = try RankSumTest(first: [4, 5, 6], second: [1, 2, 3])
    #expect(test.superiority == 1 && abs(test.pValue - 0.1) < 1e-15)
  }

  @Test func `equal values say nothing`() throws {
    let equal = [Double](repeating: 2, count: 60)
    #expect(try RankSumTest(first: equal, second: equal).pValue == 1)
    #expect(try RankSumTest(first: [2, 2], second: [2]).pValue == 1)
  }
}

@Suite struct HodgesLehmannTests {
  @Test func `one-sample estimates and intervals agree with enumeration`() throws {
    let cases = try StatisticsFixtures("inference").root["hodgesLehmann"]?.entries ?? []
    #expect(cases.count == 3)
    for fields in cases {
      let result = try HodgesLehmann(of: fields.numbers("values"), level: fields.number("level"))
      expect(result, fields)
    }
  }

  @Test func `shifts agree with enumeration`() throws {
    let cases = try StatisticsFixtures("inference").root["hodgesLehmannShift"]?.entries ?? []
    #expect(cases.count == 2)
    for fields in cases {
      let result = try HodgesLehmann(
        first: fields.numbers("first"), second: fields.numbers("second"), level: fields.number("level"))
      expect(result, fields)
    }
  }

  private func expect(_ result: HodgesLehmann, _ fields: JSONValue) {
    #expect(agree(result.estimate, fields.number("estimate"), 1e-12))
    let bounds = fields.numbers("interval")
    if bounds.isEmpty {
      #expect(result.interval.reason?.contains("measure more") == true)
    } else {
      #expect(agree(result.interval.interval, bounds, 1e-12))
      #expect(agree(result.interval.interval?.level ?? 0, bounds[2], 1e-12))
    }
  }

  @Test func `the approximation for many values joins the exact intervals`() throws {
    let exact = try HodgesLehmann(of: (0..<200).map { Double($0 * $0 % 211) }).interval.interval
    let approximate = try HodgesLehmann(of: (0..<201).map { Double($0 * $0 % 211) }).interval.interval
    #expect(abs((exact?.lower ?? 0) - (approximate?.lower ?? 99)) < 1)
    #expect(abs((exact?.level ?? 0) - (approximate?.level ?? 99)) < 1e-3)
  }
}

@Suite struct RankCorrelationTests {
  @Test func `coefficients, p values and intervals agree with SciPy`() throws {
    let cases = try StatisticsFixtures("inference").root["rankCorrelation"]?.entries ?? []
    #expect(cases.count == 2)
    for fields in cases {
      let result = try RankCorrelation(fields.numbers("first"), fields.numbers("second"))
      #expect(agree(result.spearman, fields.number("spearman"), 1e-12))
      #expect(agree(result.pValue, fields.number("pValue"), 1e-9))
      #expect(agree(result.interval, fields.numbers("interval"), 1e-10))
      #expect(agree(result.kendall, fields.number("kendall"), 1e-12))
    }
  }

  @Test func `a perfect order is certain and few pairs have no interval`() throws {
    let result = try RankCorrelation([1, 2, 3, 4], [10, 20, 40, 50])
    #expect(result.spearman == 1 && result.kendall == 1 && result.pValue == 0 && result.interval == nil)
  }

  @Test func `equal values are refused`() {
    let error = #expect(throws: StatisticsError.self) { try RankCorrelation([1, 1, 1], [1, 2, 3]) }
    #expect(error?.code == .noSpread)
  }
}
