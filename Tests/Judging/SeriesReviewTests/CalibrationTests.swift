import Foundation
import SeriesReview
import ResultsStore
import Statistics
import Testing

@Suite struct Calibrations {
  private func comparisons(_ count: Int, share: Double, seed: UInt64) -> [[Double]] {
    var noise = Noise(seed: seed)
    return (0..<count).map { _ in (0..<15).map { _ in log1p(share) + noise.normal(0.02) } }
  }

  @Test func `false alarms are as rare as stated and the smallest slow-down is found as often as stated`() throws {
    let rule = ComparisonRule()
    let estimate = try CalibrationEstimate(
      identity: comparisons(400, share: 0, seed: 1), planted: comparisons(20, share: 0.05, seed: 2), rule: rule)
    #expect(estimate.comparisons == 400 && estimate.falseAlarms <= 11, "\(estimate.falseAlarms)")
    #expect(estimate.falseAlarmInterval.contains(0.01))
    #expect(estimate.pairs == 15 && abs(estimate.noise - 0.02) < 0.003)
    #expect(estimate.plantedComparisons == 20 && estimate.plantedFound == 20)
    let detectable = try #require(estimate.detectable)
    #expect(estimate.detectableInterval?.contains(detectable) == true)
    var found = 0
    for logRatios in comparisons(1000, share: detectable, seed: 3)
    where try rule.compare(logRatios: logRatios).finding == .slower {
      found += 1
    }
    // 80 % of 1,000 with a standard error of 13, and as much from the estimate itself.
    #expect((750...850).contains(found), "\(found) of 1000 at \(detectable)")
  }

  @Test func `few comparisons have no interval and few pairs find nothing`() throws {
    let few = try CalibrationEstimate(identity: comparisons(3, share: 0, seed: 4))
    #expect(few.detectable != nil && few.detectableInterval == nil)
    let short = try CalibrationEstimate(identity: [[0.01, -0.01, 0.02]])
    #expect(short.detectable == nil && short.falseAlarms == 0)
    #expect(try ComparisonRule().compare(logRatios: [0.5, 0.5]).finding == .tooFew)
    #expect(throws: (any Error).self) { try CalibrationEstimate(identity: [[0.1]]) }
  }

  @Test func `differences below the least one are of no consequence`() throws {
    let tiny = (0..<20).map { 0.002 + 0.0001 * Double($0 % 3) }
    #expect(try ComparisonRule().compare(logRatios: tiny).finding == .none)
    #expect(try ComparisonRule(leastChange: 0.001).compare(logRatios: tiny).finding == .slower)
    #expect(try ComparisonRule(leastChange: 0.001).compare(logRatios: tiny.map { -$0 }).finding == .faster)
  }

  @Test func `all runs on a machine are one calibration, which is stored and read back`() throws {
    let fixture = try NightFixture(seed: 10)
    for _ in 0..<6 { try fixture.add(PlantedNight()) }
    let records = try Calibration.records(of: "nightly", in: fixture.store)
    #expect(records.map(\.cell) == ["identity:time.b/time.a"])
    #expect(records[0].comparisons == 6 && records[0].pairs == 12 && records[0].planted == nil)
    try fixture.store.insert(records)
    try fixture.add(PlantedNight())
    try fixture.store.insert(try Calibration.records(of: "nightly", in: fixture.store))
    let stored = try fixture.store.calibrations(experiment: "nightly")
    #expect(stored.count == 1 && stored[0].comparisons == 7 && !stored[0].machine.isEmpty)
    #expect(
      stored[0].summary.hasPrefix(
        "identity:time.b/time.a: 0 false alarms in 7 comparisons with itself (0 % to 35 %; stated 1 %)"))
    #expect(try fixture.store.calibrations(machine: "another").isEmpty)
    #expect(try fixture.store.query("SELECT count(*) FROM calibration").rows == [[.integer(2)]])
  }
}
