extension Bootstrap {
  /// Returns the interval of any statistic of independent units, such as pairs, prompts or configurations.
  ///
  ///     let interval = try bootstrap.interval(units: 12) { chosen in spread(after, chosen) / spread(before, chosen) }
  ///
  /// - Parameters:
  ///   - units: Number of units, at least 2.
  ///   - statistic: Computes the statistic of the units at these indices, in [0, `units`), some of them repeated.
  /// - Returns: The interval, in the unit of the statistic.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.outOfRange`, or `.notFinite` if more than one resample
  ///   in twenty has no finite statistic.
  /// - Complexity: `resamples` + `units` calls of the statistic.
  public func interval(
    units: Int, of statistic: ([Int]) -> Double
  ) throws(StatisticsError) -> ConfidenceInterval {
    try interval(clusters: (0..<max(units, 0)).map { [$0] }, of: statistic)
  }

  /// Returns the interval of any statistic of values that are dependent inside clusters, such as the rounds of a
  /// measurement.
  ///
  /// Whole clusters are drawn, so only they need be independent.
  ///
  /// - Parameters:
  ///   - clusters: The indices of each cluster's values; at least 2 clusters, none empty.
  ///   - statistic: Computes the statistic of the values at these indices.
  /// - Returns: The interval, in the unit of the statistic.
  /// - Throws: As ``interval(units:of:)``.
  /// - Complexity: `resamples` + number of clusters calls of the statistic.
  /// - Source: Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
  public func interval(
    clusters: [[Int]], of statistic: ([Int]) -> Double
  ) throws(StatisticsError) -> ConfidenceInterval {
    guard clusters.count >= 2, clusters.allSatisfy({ !$0.isEmpty }) else {
      throw StatisticsError(
        .tooFewValues, "a bootstrap over units needs at least 2 of them, none empty, and has \(clusters.count)")
    }
    let leftOut =
      method == .accelerated
      ? clusters.indices.map { out in
        statistic(clusters.indices.filter { $0 != out }.flatMap { clusters[$0] })
      } : []
    return try interval(observed: statistic(clusters.flatMap(\.self)), leftOut: leftOut, of: statistic) { generator in
      var chosen: [Int] = []
      for _ in clusters { chosen += clusters[generator.index(below: clusters.count)] }
      return chosen
    }
  }

  /// Returns the percentile interval of any statistic of a series whose neighbours depend on each other.
  ///
  /// Overlapping blocks are drawn and joined until the series is full; the last block is cut. The method is always the
  /// percentile.
  ///
  /// - Parameters:
  ///   - count: Length of the series, at least 2.
  ///   - blockLength: Length of a block, from 1 to `count`; n^(1/3) is usual.
  ///   - statistic: Computes the statistic of the values at these indices.
  /// - Returns: The interval, in the unit of the statistic.
  /// - Throws: As ``interval(units:of:)``.
  /// - Source: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics
  ///   1989.
  public func interval(
    series count: Int, blockLength: Int, of statistic: ([Int]) -> Double
  ) throws(StatisticsError) -> ConfidenceInterval {
    guard count >= 2, (1...count).contains(blockLength) else {
      throw StatisticsError(
        .outOfRange, "a block bootstrap needs blocks of 1 to \(count) of at least 2 values, not of \(blockLength)")
    }
    var plain = self
    plain.method = .percentile
    return try plain.interval(observed: statistic(Array(0..<count)), leftOut: [], of: statistic) { generator in
      var chosen: [Int] = []
      while chosen.count < count {
        let start = generator.index(below: count - blockLength + 1)
        chosen += start..<min(start + blockLength, start + count - chosen.count)
      }
      return chosen
    }
  }

  private func interval(
    observed: Double, leftOut: [Double], of statistic: ([Int]) -> Double,
    drawing draw: (inout ResamplingGenerator) -> [Int]
  ) throws(StatisticsError) -> ConfidenceInterval {
    try check(level: level, for: "a bootstrap interval")
    try checkResamples()
    var generator = ResamplingGenerator(seed: seed)
    var distribution: [Double] = []
    for _ in 0..<resamples {
      let value = statistic(draw(&generator))
      if value.isFinite { distribution.append(value) }
    }
    guard observed.isFinite, leftOut.allSatisfy(\.isFinite), distribution.count * 20 >= resamples * 19 else {
      throw StatisticsError(
        .notFinite,
        "the bootstrapped statistic is not a number for the sample or for too many of its resamples; measure more units"
      )
    }
    distribution.sort()
    return interval(ofSorted: distribution, observed: observed, magnitude: abs(observed), leftOut: leftOut)
  }
}
