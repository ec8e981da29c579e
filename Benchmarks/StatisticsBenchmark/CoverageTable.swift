import Foundation
import Statistics
import StatisticsSimulation

/// Prints how often each interval covers the truth at a nominal 95 %.
struct CoverageTable {
  var trials: Int
  /// Only rows whose method contains this are printed; all if empty.
  var filter: String

  func write() throws {
    print("| quantity | method | " + columns.map { "\($0.rawValue)" }.joined(separator: " | ") + " |")
    print("|---|---|" + String(repeating: "--:|", count: columns.count))
    for row in rows where filter.isEmpty || row.method.contains(filter) {
      var cells: [String] = []
      for population in columns {
        let truth = row.truth(population)
        var shares: [String] = []
        for count in [10, 30, 100] {
          let coverage = try Coverage(trials: trials, truth: truth, seed: 5) { generator in
            try row.interval(population.sample(count, using: &generator), generator.next())
          }
          shares.append(CoverageTable.text(coverage))
        }
        cells.append(shares.joined(separator: " / "))
      }
      print("| \(row.quantity) | \(row.method) | " + cells.joined(separator: " | ") + " |")
    }
    if filter.isEmpty { try writePooled() }
  }

  /// Values of all processes taken as independent, which they are not.
  private func writePooled() throws {
    let shares = try [10, 30, 100].map { count in
      let coverage = try Coverage(trials: trials, truth: 10, seed: 5) { generator in
        try meanInterval(of: Population.processes(count, using: &generator).flatMap(\.self))
      }
      return CoverageTable.text(coverage)
    }
    print("\nTwo-level data with all repetitions taken as independent (a mistake): " + shares.joined(separator: " / "))
  }

  private static func text(_ coverage: Coverage) -> String {
    guard coverage.given > 0 else { return "–" }
    let share = String(format: "%.1f", 100 * coverage.share)
    let given = 100 * coverage.given / coverage.trials
    return given < 99 ? "\(share) (\(given) %)" : share
  }

  private let columns: [Population] = Population.allCases

  private struct Row {
    var quantity: String
    var method: String
    var truth: (Population) -> Double
    var interval: ([Double], UInt64) throws -> ConfidenceInterval?
  }

  private var rows: [Row] {
    let mean = { (population: Population) in population.mean }
    let median = { (population: Population) in population.median }
    return [
      Row(quantity: "mean", method: "Student's t", truth: mean) { values, _ in try meanInterval(of: values) },
      Row(quantity: "mean", method: "percentile bootstrap", truth: mean) { values, seed in
        try Bootstrap(resamples: 1000, seed: seed).interval(of: .mean, from: values)
      },
      Row(quantity: "mean", method: "BCa bootstrap", truth: mean) { values, seed in
        try Bootstrap(resamples: 1000, method: .accelerated, seed: seed).interval(of: .mean, from: values)
      },
      Row(quantity: "mean", method: "studentized bootstrap", truth: mean) { values, seed in
        try Bootstrap(resamples: 1000, seed: seed).studentizedMeanInterval(from: values)
      },
      Row(quantity: "median", method: "percentile bootstrap", truth: median) { values, seed in
        try Bootstrap(resamples: 1000, seed: seed).interval(of: .median, from: values)
      },
      Row(quantity: "median", method: "order statistics", truth: median) { values, _ in
        try medianInterval(of: values).interval
      },
      Row(quantity: "pseudo-median", method: "Hodges-Lehmann", truth: \.pseudomedian) { values, _ in
        try HodgesLehmann(of: values).interval.interval
      },
      Row(quantity: "mean", method: "`Location.mean.interval`", truth: mean) { values, seed in
        try Location.mean.interval(of: values, seed: seed).interval
      },
      Row(quantity: "median", method: "`Location.median.interval`", truth: median) { values, _ in
        try Location.median.interval(of: values).interval
      },
      Row(quantity: "pseudo-median", method: "`Location.pseudomedian.interval`", truth: \.pseudomedian) { values, _ in
        try Location.pseudomedian.interval(of: values).interval
      },
      Row(quantity: "geometric mean", method: "t of logarithms", truth: \.geometricMean) { values, _ in
        try PairedComparison(
          numerators: values, denominators: values.map { _ in 1 }, bootstrap: Bootstrap(resamples: 1)
        ).geometricMeanInterval
      },
    ]
  }
}
