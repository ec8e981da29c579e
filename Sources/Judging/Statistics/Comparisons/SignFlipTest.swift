/// A permutation test of the mean of paired differences: under the null hypothesis each sign is a coin toss.
///
/// Up to 20 differences all sign patterns are counted; above, random ones, the observed pattern included.
///
/// - Source: Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", 2005, section 3.2; the exact form
///   agrees with `scipy.stats.permutation_test` 1.17.1.
public struct SignFlipTest: Sendable, Hashable {
  /// Mean of the differences.
  public var meanDifference: Double
  /// Share of sign patterns whose mean is at least as far from 0, in (0, 1].
  public var pValue: Double
  /// Whether all patterns were counted.
  public var isExact: Bool
  /// Number of patterns counted.
  public var patterns: Int

  /// Tests paired differences, two-sided.
  ///
  /// - Parameters:
  ///   - differences: At least one finite value.
  ///   - resamples: Random patterns above 20 differences, at least 1.
  ///   - seed: Seed of the random patterns.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  /// - Complexity: O(2ⁿ) up to n = 20, O(n · resamples) above.
  public init(differences: [Double], resamples: Int = 20_000, seed: UInt64 = 1) throws(StatisticsError) {
    try check(differences, atLeast: 1, for: "a sign-flip test")
    guard resamples >= 1 else {
      throw StatisticsError(.outOfRange, "a sign-flip test needs at least 1 resample and was given \(resamples)")
    }
    let observed = abs(differences.reduce(0, +))
    // Sums that are equal on paper may differ in their last bits.
    let threshold = observed - 1e-12 * differences.reduce(0) { $0 + abs($1) }
    meanDifference = mean(of: differences)
    isExact = differences.count <= 20
    if isExact {
      let half = differences.count / 2
      let first = SignFlipTest.sums(of: differences[..<half])
      let second = SignFlipTest.sums(of: differences[half...])
      var extreme = 0
      for a in first {
        for b in second where abs(a + b) >= threshold { extreme += 1 }
      }
      patterns = first.count * second.count
      pValue = Double(extreme) / Double(patterns)
    } else {
      var generator = ResamplingGenerator(seed: seed)
      var extreme = 1
      for _ in 0..<resamples {
        var sum = 0.0
        var bits: UInt64 = 0
        for (position, value) in differences.enumerated() {
          if position & 63 == 0 { bits = generator.next() }
          sum += bits & 1 == 0 ? value : -value
          bits >>= 1
        }
        if abs(sum) >= threshold { extreme += 1 }
      }
      patterns = resamples + 1
      pValue = Double(extreme) / Double(patterns)
    }
  }

  /// Returns the sums of the values under all sign patterns.
  private static func sums(of values: ArraySlice<Double>) -> [Double] {
    values.reduce([0]) { sums, value in sums.map { $0 + value } + sums.map { $0 - value } }
  }
}
