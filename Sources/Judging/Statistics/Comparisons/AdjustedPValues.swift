/// How p values of several tests are raised so that their number does not make chance findings likely.
public enum MultiplicityCorrection: String, Sendable, Hashable, CaseIterable {
  /// Bounds the chance of one or more false rejections (Holm); for a confirmatory family.
  case holm
  /// Bounds the expected share of false rejections among all rejections (Benjamini and Hochberg); for screening.
  case benjaminiHochberg

  /// Returns the adjusted p values, to be compared with the significance as they are.
  ///
  /// - Parameter pValues: Any number of values in [0, 1].
  /// - Returns: The adjusted values, in the same order, at most 1.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  /// - Complexity: O(n log n).
  /// - Source: Holm, Scandinavian Journal of Statistics 1979; Benjamini and Hochberg, Journal of the Royal Statistical
  ///   Society B 1995; agrees with statsmodels' `multipletests` and R's `p.adjust` to 1e-15.
  public func adjusted(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
    guard pValues.allSatisfy({ (0...1).contains($0) }) else {
      throw StatisticsError(.outOfRange, "a correction for several tests needs p values in [0, 1]")
    }
    let count = pValues.count
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var result = pValues
    switch self {
    case .holm:
      var greatest = 0.0
      for (rank, position) in order.enumerated() {
        greatest = max(greatest, pValues[position] * Double(count - rank))
        result[position] = min(1, greatest)
      }
    case .benjaminiHochberg:
      var least = 1.0
      for (rank, position) in order.enumerated().reversed() {
        least = min(least, pValues[position] * Double(count) / Double(rank + 1))
        result[position] = least
      }
    }
    return result
  }

  /// Returns what each unadjusted p value must stay below to be rejected while the others are what they are.
  ///
  /// Planning needs it: with Holm's correction the most significant of five claims must reach a fifth of the family's risk,
  /// the least significant the whole of it.
  ///
  /// - Parameters:
  ///   - pValues: Any number of values in [0, 1]; of equal ones the earlier counts as less.
  ///   - significance: The risk of the family, in (0, 1).
  /// - Returns: The thresholds, in the same order.
  /// - Throws: `StatisticsError` with code `.outOfRange`.
  /// - Complexity: O(n log n).
  public func thresholds(for pValues: [Double], significance: Double) throws(StatisticsError) -> [Double] {
    try check(level: significance, for: "a correction for several tests")
    guard pValues.allSatisfy({ (0...1).contains($0) }) else {
      throw StatisticsError(.outOfRange, "a correction for several tests needs p values in [0, 1]")
    }
    let count = pValues.count
    var result = pValues
    for (rank, position) in pValues.indices.sorted(by: { (pValues[$0], $0) < (pValues[$1], $1) }).enumerated() {
      switch self {
      case .holm: result[position] = significance / Double(count - rank)
      case .benjaminiHochberg: result[position] = significance * Double(rank + 1) / Double(count)
      }
    }
    return result
  }
}
