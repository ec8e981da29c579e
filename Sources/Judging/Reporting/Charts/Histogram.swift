package import ExperimentSpec
import Glibc
import Statistics

/// How many values lie in each of some bins.
package struct Histogram: Sendable {
  /// Where bins begin and end, ascending, one more than bins; the last one includes its end.
  package let edges: [Double]
  /// By series, then bin.
  package let counts: [[Int]]

  /// Counts the values of each series; those outside of all bins are left out.
  package init(edges: [Double], series: [[Double]]) {
    self.edges = edges
    counts = series.map { values in
      var counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
      guard let low = edges.first, let high = edges.last, high > low else { return counts }
      for value in values where value >= low && value <= high {
        let share = (value - low) / (high - low) * Double(counts.count)
        counts[min(Int(share), counts.count - 1)] += 1
      }
      return counts
    }
  }

  /// The greatest count of any bin and series.
  var greatestCount: Int { counts.joined().max() ?? 0 }

  /// Returns where bins begin and end.
  ///
  /// - Parameters:
  ///   - values: All values, finite.
  ///   - count: How many bins; as many as the rule advises if `nil`.
  ///   - extent: The ends, if an author set them.
  /// - Returns: Ascending edges; none without values.
  /// - Source: Freedman and Diaconis, "On the histogram as a density estimator: L₂ theory", 1981; for values whose quartiles
  ///   are equal Sturges, "The choice of a class interval", JASA 1926.
  package static func edges(of values: [Double], count: Int?, _ extent: ChartRequest.Extent = .init()) -> [Double] {
    let sorted = values.filter { $0 >= extent.from ?? -.infinity && $0 <= extent.to ?? .infinity }.sorted()
    guard var low = extent.from ?? sorted.first, var high = extent.to ?? sorted.last, low <= high else { return [] }
    if low == high {
      let room = low == 0 ? 0.5 : abs(low) * 0.05
      (low, high) = (low - room, high + room)
    }
    let number = count ?? advisedCount(sorted, extent: high - low)
    return (0...number).map { low + (high - low) * Double($0) / Double(number) }
  }

  private static func advisedCount(_ sorted: [Double], extent: Double) -> Int {
    guard sorted.count > 1 else { return 1 }
    let box = quantile(ofSorted: sorted, at: 0.75) - quantile(ofSorted: sorted, at: 0.25)
    let width = 2 * box / cbrt(Double(sorted.count))
    guard width > 0, extent / width < 60 else { return min(60, Int(log2(Double(sorted.count)).rounded(.up)) + 1) }
    return max(1, Int((extent / width).rounded(.up)))
  }
}
