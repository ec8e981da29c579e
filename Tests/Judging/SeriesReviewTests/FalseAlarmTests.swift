import AttemptModel
import Foundation
import JSON
import SeriesReview
import ResultsStore
import Statistics
import Testing

@Suite struct `False alarms of nightly reviews` {
  /// Thirty nights of six times that vary by 2 % and nothing else.
  private static func history(seed: UInt64) -> [SeriesRun<AttemptDigest>] {
    var noise = Noise(seed: seed)
    return (0..<30).map { night in
      let jobs = (0..<6).map { position in
        SeriesJob(
          stage: "stage\(position)", attempt: Int64(night * 6 + position),
          value: AttemptDigest([SampleResult(metric: "time", unit: "s", value: 0.01 * exp(noise.normal(0.02)))]))
      }
      return SeriesRun(
        id: Int64(night), state: .ended(.finished), startedAt: "", commit: "", isDirty: false, spec: [:], jobs: jobs)
    }
  }

  @Test func `pure noise alarms about as rarely as stated`() {
    var (tonight, lasting) = (0, 0)
    for seed in 1...200 {
      let review = NightReview(
        experiment: "noise", machine: "", runs: Self.history(seed: UInt64(seed)), policy: .init(risk: 0.05))
      let verdicts = review.cells.map(\.verdict)
      if verdicts.contains(where: { if case .unusual = $0 { true } else { false } }) { tonight += 1 }
      if verdicts.contains(where: { if case .shifted = $0 { true } else { false } }) { lasting += 1 }
    }
    // 200 nights at a risk of 5 % for all six cells together: 10 expected, 3 to 20 with 99 % probability.
    #expect((2...20).contains(tonight), "\(tonight) of 200")
    #expect(lasting <= 20, "\(lasting) of 200")
  }

  @Test(arguments: [8, 12, 30]) func `a prediction band keeps its level`(count: Int) throws {
    var noise = Noise(seed: UInt64(count))
    var outside = (wide: 0, narrow: 0)
    for _ in 0..<4000 {
      let past = (0..<count).map { _ in 5 + noise.normal(2) }
      let band = try PredictionBand(history: past)
      let next = 5 + noise.normal(2)
      if band.pValue(of: next) < 0.05 { outside.wide += 1 }
      if !band.interval(significance: 0.01).contains(next) { outside.narrow += 1 }
    }
    // Standard errors are 14 and 6.
    #expect((150...250).contains(outside.wide), "\(outside.wide) of 4000")
    #expect((18...64).contains(outside.narrow), "\(outside.narrow) of 4000")
  }

  @Test func `an outlier in the past does not widen a band, and a constant past allows nothing else`() throws {
    let past = [10.0, 10.1, 9.9, 10.05, 9.95, 10.02, 9.98, 10.03, 9.97, 30]
    #expect(try PredictionBand(history: past).interval(significance: 0.01).upper < 11)
    let constant = try PredictionBand(history: [Double](repeating: 0.02, count: 9))
    #expect(constant.pValue(of: 0.02) == 1 && constant.pValue(of: 0.0199) == 0 && constant.spread == 0)
    #expect(throws: StatisticsError.self) { try PredictionBand(history: [1, 2, 3]) }
  }
}
