/// Returns the interval of a median from order statistics.
///
/// The two order statistics around the level asked for are interpolated. The interval supposes only that the values are
/// independent and from one continuous distribution; it keeps its level whatever the shape, unless the median falls
/// into a gap.
///
/// - Parameters:
///   - values: Finite values in any order.
///   - level: Nominal coverage, in (0, 1).
/// - Returns: The interval; `.unreliable` if even the whole range covers the median less often than asked (below 6
///   values at 95 %).
/// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
/// - Complexity: O(n log n).
/// - Source: Hettmansperger and Sheather, "Confidence intervals based on interpolated order statistics", Statistics and
///   Probability Letters 1986.
public func medianInterval(of values: [Double], level: Double = 0.95) throws(StatisticsError) -> IntervalEstimate {
  try check(values, atLeast: 1, for: "the interval of a median")
  try check(level: level, for: "the interval of a median")
  let sorted = values.sorted()
  let count = sorted.count
  func coverage(_ depth: Int) -> Double {
    1 - 2 * BinomialDistribution.fairCumulative(depth - 1, trials: count)
  }
  guard coverage(1) >= level else {
    return .unreliable(
      reason: "the range of \(count) values covers the median with \(percent(coverage(1))), below \(percent(level))")
  }
  // Coverage falls with the depth; find the last depth that still reaches the level.
  var depth = 1
  var upper = count / 2
  while depth < upper {
    let middle = (depth + upper + 1) / 2
    if coverage(middle) >= level { depth = middle } else { upper = middle - 1 }
  }
  let outer = coverage(depth)
  let inner = coverage(depth + 1)
  let share = outer > inner ? (outer - level) / (outer - inner) : 0
  let n = Double(count)
  let d = Double(depth)
  let weight = (n - d) * share / (d + (n - 2 * d) * share)
  let low = sorted[depth - 1] + weight * (sorted[depth] - sorted[depth - 1])
  let high = sorted[count - depth] + weight * (sorted[count - depth - 1] - sorted[count - depth])
  return .interval(
    ConfidenceInterval(lower: min(low, high), upper: max(low, high), level: level), method: .orderStatistics)
}

/// A share as a percentage with one decimal.
func percent(_ share: Double) -> String {
  let tenths = Int((share * 1000).rounded())
  return "\(tenths / 10).\(abs(tenths % 10)) %"
}
