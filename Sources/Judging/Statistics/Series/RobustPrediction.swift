import Glibc
import Synchronization

/// How far a new normal value lies from the median of n earlier ones, in units of their median absolute deviation.
///
/// The statistic depends on neither mean nor spread, so that its distribution can be drawn once for each n, always with the same seed.
///
/// - Source: the robust counterpart of Student's prediction interval; compared with exact coverage in the tests.
public struct RobustPrediction: Sendable {
  /// Fewest earlier values that it is offered for.
  public static let leastCount = 8
  /// Number of simulated experiments; the smallest tail that can be told is one in this many.
  public static let draws = 40_000
  /// From here on the distribution hardly changes with the number of values.
  static let greatestCount = 60

  private static let known = Mutex<[Int: RobustPrediction]>([:])
  /// Distances in ascending order.
  private let distances: [Double]

  /// Returns the distribution for a number of values; drawn once in a process.
  ///
  /// - Parameter count: Number of earlier values, at least ``leastCount``; above 60 it is that of 60.
  /// - Returns: The distribution, the same in every process.
  /// - Complexity: O(``draws`` · n log n) for the first call.
  static func of(count: Int) -> RobustPrediction {
    let count = min(max(count, leastCount), greatestCount)
    return known.withLock { known in
      if let found = known[count] { return found }
      let made = RobustPrediction(count: count)
      known[count] = made
      return made
    }
  }

  /// Chance of a distance at least as great, not below one in ``draws``.
  func tail(_ distance: Double) -> Double {
    var (low, high) = (0, distances.count)
    while low < high {
      let middle = (low + high) / 2
      if distances[middle] < distance { low = middle + 1 } else { high = middle }
    }
    return Double(max(1, distances.count - low)) / Double(distances.count)
  }

  /// The distance that is exceeded with a given chance.
  func limit(_ chance: Double) -> Double { quantile(ofSorted: distances, at: 1 - chance) }

  /// The spread of residuals: 1.4826 times their median absolute value, or if more than half of them are 0 a multiple of their mean.
  static func spread(ofResiduals residuals: [Double]) -> Double {
    let sizes = residuals.map { abs($0) }
    let middle = median(of: sizes)
    return middle > 0 ? middle * 1.482602218505602 : mean(of: sizes) * 1.2533141373155003
  }

  private init(count: Int) {
    var generator = ResamplingGenerator(seed: UInt64(count))
    let scale = (1 + Double.pi / 2 / Double(count)).squareRoot()
    var values = [Double](repeating: 0, count: count + 1)
    distances = (0..<Self.draws).map { _ in
      for position in values.indices { values[position] = Self.normal(&generator) }
      let past = Array(values[..<count])
      let centre = median(of: past)
      return abs(values[count] - centre) / (Self.spread(ofResiduals: past.map { $0 - centre }) * scale)
    }.sorted()
  }

  /// A standard normal value (Box and Muller, 1958).
  private static func normal(_ generator: inout ResamplingGenerator) -> Double {
    let first = Double(generator.next() >> 11) * 0x1p-53
    let second = Double(generator.next() >> 11) * 0x1p-53
    return (-2 * log(1 - first)).squareRoot() * cos(2 * .pi * second)
  }
}
