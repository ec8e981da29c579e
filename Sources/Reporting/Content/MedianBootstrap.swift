import Glibc
import Statistics

/// The percentile bootstrap interval of a median, from all resamples instead of a random choice of them.
///
/// A report has thousands of cells; drawing 10,000 resamples for each would take most of its time, and the distribution of a
/// resample's median is known.
///
/// - Source: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979, section 3; Maritz and Jarrett,
///   "A note on estimating the variance of the sample median", JASA 1978.
package enum MedianBootstrap {
  /// Returns the interval of coverage 95 %.
  ///
  /// - Parameter values: Independent finite values.
  /// - Returns: The 2.5 % and 97.5 % quantiles of the medians of all nⁿ resamples; `nil` for fewer than two values.
  /// - Complexity: O(n log n) for odd n, O(n) more times the square of the spread of ranks for even n.
  package static func interval(of values: [Double]) -> (lower: Double, upper: Double)? {
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
    let sorted = values.sorted()
    guard sorted[0] < sorted[sorted.count - 1] else {
      return (sorted[0], sorted[0])
    }
    let medians = sorted.count.isMultiple(of: 2) ? averages(sorted) : middles(sorted)
    return (quantile(medians, 0.025), quantile(medians, 0.975))
  }

  /// The value of the middle rank takes each sorted value with a binomial probability.
  private static func middles(_ sorted: [Double]) -> [(value: Double, weight: Double)] {
    zip(sorted, rankWeights(count: sorted.count, rank: sorted.count / 2 + 1)).map { ($0, $1) }
  }

  /// The mean of the two middle ranks takes the mean of each pair of sorted values.
  private static func averages(_ sorted: [Double]) -> [(value: Double, weight: Double)] {
    let count = sorted.count
    let half = count / 2
    let lower = rankWeights(count: count, rank: half)
    let logChoose = lgamma(Double(count + 1)) - 2 * lgamma(Double(half + 1))
    // The chance that all of a half lie on one side of a value and reach it, on the logarithmic scale.
    let reach = (1...count).map { rank -> Double in
      let share = Double(rank) / Double(count)
      return Double(half) * log(share) + log1p(-pow(Double(rank - 1) / Double(rank), Double(half)))
    }
    var medians: [(value: Double, weight: Double)] = []
    for first in 0..<count where lower[first] > 1e-12 {
      var apart = 0.0
      for second in (first + 1)..<max(count, first + 1) {
        let weight = exp(logChoose + reach[first] + reach[count - 1 - second])
        guard weight > 1e-15 else { continue }
        apart += weight
        medians.append(((sorted[first] + sorted[second]) / 2, weight))
      }
      medians.append((sorted[first], max(0, lower[first] - apart)))
    }
    return medians.sorted { $0.value < $1.value }
  }

  /// The chance that the value of a rank in a resample is each of the sorted values.
  private static func rankWeights(count: Int, rank: Int) -> [Double] {
    let cumulative = (0...count).map { position in
      StudentDistribution.regularizedBeta(
        Double(position) / Double(count), Double(rank), Double(count - rank + 1))
    }
    return zip(cumulative.dropFirst(), cumulative).map { $0 - $1 }
  }

  private static func quantile(_ medians: [(value: Double, weight: Double)], _ probability: Double) -> Double {
    var sum = 0.0
    for median in medians {
      sum += median.weight
      if sum >= probability { return median.value }
    }
    return medians[medians.count - 1].value
  }
}
