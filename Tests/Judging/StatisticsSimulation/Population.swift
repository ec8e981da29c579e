import Foundation
public import Statistics

/// A known distribution to draw samples from, for measuring how often an interval covers the truth.
public enum Population: String, CaseIterable, Sendable {
  /// Normal with mean 10 and standard deviation 1.
  case normal
  /// Log-normal with median 10 and standard deviation 0.5 of the logarithm, skewness 1.75: times with stragglers.
  case logNormal = "log-normal"
  /// Seven values in ten around 10, three around 14, standard deviation 1 each: a fast and a slow mode.
  case bimodal
  /// Means of five repetitions that share a disturbance as large as their own.
  case twoLevel = "two-level"
  /// Log-normal with standard deviation 1 of the logarithm, skewness 6.2.
  case heavy = "heavy log-normal"
  /// One value in two around 10, the other around 16, so that the median lies in a gap.
  case even = "even bimodal"

  /// The four shapes that an interval must cope with.
  public static let required: [Population] = [.normal, .logNormal, .bimodal, .twoLevel]

  /// Draws independent values; for `twoLevel` the means of processes.
  public func sample(_ count: Int, using generator: inout ResamplingGenerator) -> [Double] {
    switch self {
    case .twoLevel:
      Population.processes(count, using: &generator).map { Statistics.mean(of: $0) }
    default:
      (0..<count).map { _ in value(using: &generator) }
    }
  }

  /// Draws processes of five repetitions: mean 10, standard deviation 1 between and 1 inside.
  public static func processes(
    _ count: Int, repetitions: Int = 5, using generator: inout ResamplingGenerator
  ) -> [[Double]] {
    (0..<count).map { _ in
      let level = 10 + normal(&generator)
      return (0..<repetitions).map { _ in level + normal(&generator) }
    }
  }

  /// Draws a standard normal value.
  public static func normal(_ generator: inout ResamplingGenerator) -> Double {
    NormalDistribution.quantile(uniform(&generator))
  }

  /// Draws a value strictly between 0 and 1.
  public static func uniform(_ generator: inout ResamplingGenerator) -> Double {
    (Double(generator.next() >> 11) + 0.5) * 0x1p-53
  }

  private func value(using generator: inout ResamplingGenerator) -> Double {
    let noise = Population.normal(&generator)
    switch self {
    case .normal, .twoLevel: return 10 + noise
    case .logNormal: return 10 * exp(noise / 2)
    case .heavy: return 10 * exp(noise)
    case .bimodal: return Population.uniform(&generator) < 0.7 ? 10 + noise : 14 + noise
    case .even: return Population.uniform(&generator) < 0.5 ? 10 + noise : 16 + noise
    }
  }

  /// The true mean.
  public var mean: Double {
    switch self {
    case .normal, .twoLevel: 10
    case .logNormal: 10 * exp(0.125)
    case .heavy: 10 * exp(0.5)
    case .bimodal: 11.2
    case .even: 13
    }
  }

  /// The true median.
  public var median: Double {
    switch self {
    case .normal, .logNormal, .twoLevel, .heavy: 10
    case .bimodal: solve { (cumulative($0), 0.5) }
    case .even: 13
    }
  }

  /// The true geometric mean.
  public var geometricMean: Double {
    let steps = 20_000
    let total = (0..<steps).reduce(0.0) { sum, step in
      let z = NormalDistribution.quantile((Double(step) + 0.5) / Double(steps))
      switch self {
      case .normal: return sum + log(10 + z)
      case .twoLevel: return sum + log(10 + z * 1.2.squareRoot())
      case .logNormal, .heavy: return sum + log(10)
      case .bimodal: return sum + 0.7 * log(10 + z) + 0.3 * log(14 + z)
      case .even: return sum + 0.5 * log(10 + z) + 0.5 * log(16 + z)
      }
    }
    return exp(total / Double(steps))
  }

  /// The true median of the mean of two values.
  public var pseudomedian: Double {
    switch self {
    case .normal, .twoLevel: return 10
    case .even: return 13
    case .bimodal:
      // Means of two: both fast, one of each, both slow, with standard deviation √½.
      return solve { x in
        let z = { (centre: Double) in NormalDistribution.cumulative((x - centre) * 2.0.squareRoot()) }
        return (0.49 * z(10) + 0.42 * z(12) + 0.09 * z(14), 0.5)
      }
    case .logNormal, .heavy:
      let spread = self == .heavy ? 1 : 0.5
      return solve { x in
        let steps = 4000
        let total = (0..<steps).reduce(0.0) { sum, step in
          let first = 10 * exp(spread * NormalDistribution.quantile((Double(step) + 0.5) / Double(steps)))
          let rest = 2 * x - first
          return sum + (rest > 0 ? NormalDistribution.cumulative(log(rest / 10) / spread) : 0)
        }
        return (total / Double(steps), 0.5)
      }
    }
  }

  private func cumulative(_ x: Double) -> Double {
    0.7 * NormalDistribution.cumulative(x - 10) + 0.3 * NormalDistribution.cumulative(x - 14)
  }

  private func solve(_ equation: (Double) -> (Double, Double)) -> Double {
    var (lower, upper) = (0.0, 40.0)
    for _ in 0..<60 {
      let middle = (lower + upper) / 2
      let (found, wanted) = equation(middle)
      if found < wanted { lower = middle } else { upper = middle }
    }
    return (lower + upper) / 2
  }
}
