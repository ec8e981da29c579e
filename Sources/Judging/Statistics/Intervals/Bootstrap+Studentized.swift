extension Bootstrap {
  /// Returns the interval of a mean from the bootstrap distribution of its t statistic.
  ///
  /// Keeps its level for skewed values with fewer of them than the percentile, BCa and t intervals need. ``method``
  /// plays no part.
  ///
  /// - Parameter values: At least five finite values, independent of each other.
  /// - Returns: The interval, in the unit of the values; without width if the values are all equal.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  /// - Complexity: O(n · resamples).
  /// - Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 12.5.
  public func studentizedMeanInterval(from values: [Double]) throws(StatisticsError) -> ConfidenceInterval {
    try check(values, atLeast: 5, for: "a studentized bootstrap")
    try check(level: level, for: "a studentized bootstrap")
    try checkResamples()
    let count = values.count
    let n = Double(count)
    let centre = mean(of: values)
    let deviations = values.map { $0 - centre }
    let squares = deviations.reduce(0) { $0 + $1 * $1 }
    let error = (squares / (n - 1) / n).squareRoot()
    var generator = ResamplingGenerator(seed: seed)
    var distribution: [Double] = []
    distribution.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = 0.0
      var sumOfSquares = 0.0
      for _ in 0..<count {
        let deviation = deviations[generator.index(below: count)]
        sum += deviation
        sumOfSquares += deviation * deviation
      }
      let spread = sumOfSquares - sum * sum / n
      // A resample of one value over and over has no t statistic.
      if spread > 1e-12 * squares { distribution.append(sum / n / (spread / (n - 1) / n).squareRoot()) }
    }
    guard error > 0, !distribution.isEmpty else {
      return ConfidenceInterval(lower: centre, upper: centre, level: level)
    }
    distribution.sort()
    let tail = (1 - level) / 2
    return ConfidenceInterval(
      lower: centre - error * quantile(ofSorted: distribution, at: 1 - tail),
      upper: centre - error * quantile(ofSorted: distribution, at: tail), level: level)
  }
}
