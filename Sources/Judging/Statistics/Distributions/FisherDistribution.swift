/// Fisher's F distribution.
package enum FisherDistribution {
  /// Returns the probability of a ratio of mean squares above `ratio`.
  package static func upperTail(_ ratio: Double, numerator: Double, denominator: Double) -> Double {
    guard ratio > 0 else { return 1 }
    guard ratio.isFinite else { return 0 }
    return StudentDistribution.regularizedBeta(
      denominator / (denominator + numerator * ratio), denominator / 2, numerator / 2)
  }
}
