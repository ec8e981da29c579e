/// Exact null distributions of rank sums, ties included.
///
/// Both are built by adding one rank after the other (dynamic programming over the sum), as probabilities, so that no
/// count overflows.
package enum RankDistribution {
  /// Average ranks of values, doubled so that ties stay whole numbers; the least value has rank 2.
  package static func doubledRanks(of values: [Double]) -> [Int] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Int](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = start + 1 + end }
      start = end
    }
    return ranks
  }

  /// Sizes of the groups of equal ranks, groups of one included.
  package static func tieSizes(of ranks: [Int]) -> [Int] {
    ranks.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }.values.sorted()
  }

  /// Probability of each sum of a random subset, where each rank is in or out by a coin toss.
  ///
  /// - Complexity: O(n · sum).
  package static func ofSubset(_ ranks: [Int]) -> [Double] {
    var probability = [Double](repeating: 0, count: ranks.reduce(0, +) + 1)
    probability[0] = 1
    var greatest = 0
    for rank in ranks {
      greatest += rank
      for sum in stride(from: greatest, through: 0, by: -1) {
        probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2
      }
    }
    return probability
  }

  /// Probability of each sum of `count` ranks drawn without replacement.
  ///
  /// - Complexity: O(n · count · sum).
  package static func ofSample(_ ranks: [Int], count: Int) -> [Double] {
    let width = ranks.sorted(by: >).prefix(count).reduce(0, +) + 1
    // Row j: j ranks have been drawn so far.
    var rows = [[Double]](repeating: [Double](repeating: 0, count: width), count: count + 1)
    rows[0][0] = 1
    var greatest = [Int](repeating: 0, count: count + 1)
    for (seen, rank) in ranks.enumerated() {
      let left = Double(ranks.count - seen)
      for drawn in stride(from: min(count, seen + 1), through: 0, by: -1) {
        let stay = 1 - Double(count - drawn) / left
        let join = Double(count - drawn + 1) / left
        let reach = min(width - 1, max(greatest[drawn], drawn > 0 ? greatest[drawn - 1] + rank : 0))
        if drawn > 0 {
          rows[drawn].withUnsafeMutableBufferPointer { row in
            for sum in 0...reach { row[sum] *= stay }
          }
          let previous = rows[drawn - 1]
          rows[drawn].withUnsafeMutableBufferPointer { row in
            for sum in stride(from: rank, through: reach, by: 1) { row[sum] += join * previous[sum - rank] }
          }
        } else {
          rows[0][0] *= stay
        }
        greatest[drawn] = reach
      }
    }
    return rows[count]
  }

  /// Twice the smaller tail at `sum`, at most 1.
  package static func twoSided(_ probability: [Double], at sum: Int) -> Double {
    let below = probability[...sum].reduce(0, +)
    let above = probability[sum...].reduce(0, +)
    return min(1, 2 * min(below, above))
  }

  /// The least sum whose lower tail, itself included, reaches `tail`, with the probability below it.
  package static func lowerQuantile(_ probability: [Double], tail: Double) -> (sum: Int, below: Double) {
    var below = 0.0
    for (sum, share) in probability.enumerated() {
      if below + share >= tail { return (sum, below) }
      below += share
    }
    return (probability.count - 1, below)
  }
}
