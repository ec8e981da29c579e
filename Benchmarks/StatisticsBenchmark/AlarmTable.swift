import Foundation
import Statistics
import StatisticsSimulation

/// Prints how often a search for changes finds one where there is none, and how often it finds one that is there.
struct AlarmTable {
  var trials: Int

  func write() throws {
    print("| series | n | false alarms at 0.01 | at 0.05 | shift of 2 sd found (0.01) | of 3 sd |")
    print("|---|--:|--:|--:|--:|--:|")
    for noise in Noise.allCases {
      for count in [30, 100, 300] {
        let shares = try [(0.01, 0.0), (0.05, 0.0), (0.01, 2.0), (0.01, 3.0)].map { rate, shift in
          var generator = ResamplingGenerator(seed: 11)
          var found = 0
          for _ in 0..<trials {
            let series = noise.series(count, shift: shift, using: &generator)
            let result = try ChangePoints(
              in: series, falseAlarmRate: rate, blockLength: noise == .dependentInBlocks ? 5 : 1)
            let near = result.changes.contains { abs($0.index - count / 2) <= 3 }
            if shift == 0 ? !result.changes.isEmpty : near { found += 1 }
          }
          return String(format: "%.1f %%", 100 * Double(found) / Double(trials))
        }
        print("| \(noise.rawValue) | \(count) | " + shares.joined(separator: " | ") + " |")
      }
    }
  }

  private enum Noise: String, CaseIterable {
    case normal
    case logNormal = "log-normal, sd 0.5"
    case outliers = "5 % outliers of 10 sd"
    case dependent = "neighbours correlated 0.3"
    case dependentInBlocks = "the same, blocks of 5"

    func series(_ count: Int, shift: Double, using generator: inout ResamplingGenerator) -> [Double] {
      var previous = Population.normal(&generator)
      return (0..<count).map { position in
        let fresh = Population.normal(&generator)
        let level = position >= count / 2 ? shift : 0
        switch self {
        case .normal: return level + fresh
        case .logNormal: return level * 0.604 + exp(fresh / 2)
        case .outliers: return level + fresh + (Population.uniform(&generator) < 0.05 ? 10 : 0)
        case .dependent, .dependentInBlocks:
          previous = 0.3 * previous + fresh * (1 - 0.09).squareRoot()
          return level + previous
        }
      }
    }
  }
}
