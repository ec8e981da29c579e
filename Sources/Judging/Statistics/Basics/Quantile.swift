/// Returns a quantile of sorted values by linear interpolation between order statistics.
///
/// - Parameters:
///   - sorted: Values in ascending order, not empty, without NaN.
///   - probability: 0 gives the least value, 1 the greatest; values outside are clamped.
/// - Returns: The value at position (n − 1)·p, in the unit of the values.
/// - Source: Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 1996, type 7;
///   agrees with NumPy's default.
public func quantile(ofSorted sorted: [Double], at probability: Double) -> Double {
  precondition(!sorted.isEmpty, "a quantile of no values")
  let position = Double(sorted.count - 1) * min(max(probability, 0), 1)
  let below = Int(position)
  guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
  let fraction = position - Double(below)
  return sorted[below] + (sorted[below + 1] - sorted[below]) * fraction
}

/// Returns the middle of the sorted values, or the mean of the two middle ones.
///
/// - Parameter values: Values in any order, not empty, without NaN.
/// - Returns: The median, in the unit of the values.
public func median(of values: [Double]) -> Double {
  precondition(!values.isEmpty, "the median of no values")
  return middle(ofSorted: values.sorted())
}

/// Returns the arithmetic mean.
///
/// - Parameter values: Values, not empty.
/// - Returns: The mean, in the unit of the values; exact for values that are all equal.
public func mean(of values: [Double]) -> Double {
  precondition(!values.isEmpty, "the mean of no values")
  let shift = values[0]
  guard shift.isFinite else { return values.reduce(0, +) / Double(values.count) }
  // Summing differences keeps the mean of equal values exact.
  return shift + values.reduce(0) { $0 + ($1 - shift) } / Double(values.count)
}

/// The median of values that are in ascending order already.
func middle(ofSorted sorted: [Double]) -> Double {
  let upper = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[upper - 1] + sorted[upper]) / 2 : sorted[upper]
}
