import JSON
import Statistics
import Testing

@Suite struct BootstrapTests {
  @Test func `the generator is xoshiro256 double star`() throws {
    var generator = ResamplingGenerator(seed: 42)
    let expected = try StatisticsFixtures().root["generator"]?.arrayValue?.compactMap(\.stringValue)
    let found = (0..<5).map { _ in String(generator.next()) }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("mean percentile", Bootstrap.Statistic.mean, Bootstrap.Method.percentile),
    ("mean BCa", .mean, .accelerated),
    ("median percentile", .median, .percentile),
    ("median BCa", .median, .accelerated),
  ])
  func `intervals agree with SciPy on the same resamples`(
    name: String, statistic: Bootstrap.Statistic, method: Bootstrap.Method
  ) throws {
    let bootstrap = Bootstrap(resamples: 999, method: method, seed: 42)
    for (sample, fields) in try StatisticsFixtures().samples {
      let expected = fields["bootstrap"]?[name]?.numbers ?? []
      guard expected.count == 2 else {
        // SciPy prints NaN where the jackknife values are all equal; ours falls back to no acceleration.
        #expect(method == .accelerated, "\(sample)")
        continue
      }
      let interval = try bootstrap.interval(of: statistic, from: fields["values"]?.numbers ?? [])
      #expect(agree(interval.lower, expected[0], 1e-11), "\(sample) \(name)")
      #expect(agree(interval.upper, expected[1], 1e-11), "\(sample) \(name)")
    }
  }

  @Test func `equal values give an interval without width`() throws {
    for method in [Bootstrap.Method.percentile, .accelerated] {
      let interval = try Bootstrap(method: method).interval(of: .median, from: [0.8599, 0.8599, 0.8599])
      #expect(interval.lower == 0.8599 && interval.upper == 0.8599)
    }
  }

  @Test func `the same seed gives the same interval and another seed another`() throws {
    let values = [1.0, 2.5, 2.6, 3.1, 4.4, 7.9, 8.2]
    let first = try Bootstrap(seed: 5).interval(of: .mean, from: values)
    #expect(try first == Bootstrap(seed: 5).interval(of: .mean, from: values))
    #expect(try first != Bootstrap(seed: 6).interval(of: .mean, from: values))
  }

  @Test func `the interval of a normal mean covers it about as often as it says`() throws {
    var generator = ResamplingGenerator(seed: 9)
    var covered = 0
    for trial in 0..<400 {
      let values = (0..<30).map { _ in
        (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
      }
      let bootstrap = Bootstrap(resamples: 500, method: .accelerated, seed: UInt64(trial))
      if try bootstrap.interval(of: .mean, from: values).contains(0) { covered += 1 }
    }
    #expect(covered > 360 && covered < 395)
  }

  @Test func `one value and no resamples are refused`() {
    let single = #expect(throws: StatisticsError.self) { try Bootstrap().interval(of: .mean, from: [1]) }
    #expect(single?.code == .tooFewValues)
    let none = #expect(throws: StatisticsError.self) {
      try Bootstrap(resamples: 0).interval(of: .mean, from: [1, 2])
    }
    #expect(none?.code == .outOfRange)
  }
}

@Suite struct PairedComparisonTests {
  /// The five trials of the paper's Table 1.
  let swiftBrush = [0.0005, 0.0003, 0.0003, 0.0003, 0.0003]
  let priorBrush = [0.0006, 0.0006, 0.0006, 0.0005, 0.0006]

  @Test func `the paper's trials give 1,71 as ratio of means and 2 as median ratio`() throws {
    let comparison = try PairedComparison(numerators: priorBrush, denominators: swiftBrush)
    #expect(abs(comparison.ratioOfMeans - 29.0 / 17) < 1e-12)
    #expect(abs(comparison.medianRatio - 2) < 1e-12)
    #expect(comparison.interval?.contains(2) == true)
  }

  @Test func `one pair has no interval`() throws {
    #expect(try PairedComparison(numerators: [2], denominators: [1]).interval == nil)
  }

  @Test func `unequal lengths and a zero denominator are refused`() {
    let unequal = #expect(throws: StatisticsError.self) { try PairedComparison(numerators: [1, 2], denominators: [1]) }
    #expect(unequal?.code == .unequalLengths)
    let zero = #expect(throws: StatisticsError.self) { try PairedComparison(numerators: [1], denominators: [0]) }
    #expect(zero?.code == .outOfRange)
  }
}
