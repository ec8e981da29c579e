package import AttemptModel
import Glibc
import ResultsStore
import Statistics

/// What one attempt contributes to a series: a median for each metric, and for things that were timed in turns the ratios of their pairs.
package struct AttemptDigest: Sendable {
  /// A metric of an attempt.
  package struct Quantity: Sendable, Hashable {
    package var metric: String
    package var unit: String
    /// Median of the repetitions, in the unit.
    package var median: Double
  }

  /// Two things that were timed in turns.
  package struct Pairing: Sendable, Hashable {
    /// The metric of the one.
    package var metric: String
    /// The metric of the other, which was measured first.
    package var reference: String
    /// Natural logarithm of the ratio of the one to the other, for each pair of rounds in opposite order.
    package var logRatios: [Double]
  }

  /// In the order in which metrics were first reported.
  package var quantities: [Quantity] = []
  /// Every later metric against the first one.
  package var pairings: [Pairing] = []

  /// Condenses samples.
  ///
  /// - Parameter samples: Without warm-ups, in the order reported. Values that are not finite do not count.
  package init(_ samples: [SampleResult]) {
    var values: [[String]: [Double]] = [:]
    var order: [[String]] = []
    var turns: [SampleResult] = []
    for sample in samples where sample.value.isFinite {
      let key = [sample.metric, sample.unit]
      if values[key] == nil { order.append(key) }
      values[key, default: []].append(sample.value)
      if sample.position != nil, sample.value > 0 { turns.append(sample) }
    }
    quantities = order.map { Quantity(metric: $0[0], unit: $0[1], median: median(of: values[$0] ?? [])) }
    pairings = Self.pairings(turns)
  }

  private static func pairings(_ turns: [SampleResult]) -> [Pairing] {
    var seen: Set<String> = []
    let names = turns.map(\.metric).filter { seen.insert($0).inserted }
    guard let reference = names.first, names.count > 1 else { return [] }
    var rounds: [Int: [String: Double]] = [:]
    var blocks: [Int: Int] = [:]
    for turn in turns {
      rounds[turn.repetition, default: [:]][turn.metric] = turn.value
      blocks[turn.repetition] = turn.block ?? turn.repetition
    }
    return names.dropFirst().map { name in
      var byBlock: [Int: [Double]] = [:]
      for (repetition, values) in rounds {
        guard let one = values[name], let other = values[reference] else { continue }
        byBlock[blocks[repetition] ?? repetition, default: []].append(log(one / other))
      }
      // The round whose partner was a warm-up would bring the effect of the order back in.
      let size = byBlock.values.map(\.count).max() ?? 0
      let whole = byBlock.filter { $0.value.count == size }.sorted { $0.key < $1.key }
      return Pairing(metric: name, reference: reference, logRatios: whole.map { mean(of: $0.value.sorted()) })
    }
  }
}
