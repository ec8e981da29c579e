extension LinearTrend {
  /// Returns the interval of the slope when whole rounds of measurements are drawn again.
  ///
  /// Unlike ``slopeInterval`` it stays valid if the points of a round share a disturbance or if the spread grows with
  /// x.
  ///
  /// - Parameters:
  ///   - x: At least three finite values.
  ///   - y: As many finite values.
  ///   - rounds: The round of each point, any labels; at least two rounds.
  ///   - bootstrap: How the interval is computed.
  /// - Returns: The interval, in units of y per unit of x.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths`, `.noSpread` or
  ///   `.outOfRange`.
  /// - Complexity: O(n · resamples).
  /// - Source: Davison and Hinkley, "Bootstrap Methods and their Application", 1997, sections 3.8 and 6.2.
  public static func slopeInterval(
    x: [Double], y: [Double], rounds: [Int], bootstrap: Bootstrap = Bootstrap()
  ) throws(StatisticsError) -> ConfidenceInterval {
    let trend = try LinearTrend(x: x, y: y)
    guard rounds.count == x.count else {
      throw StatisticsError(
        .unequalLengths,
        "a block bootstrap of a line needs a round for each point and has \(rounds.count) for \(x.count)")
    }
    let clusters = Dictionary(grouping: x.indices) { rounds[$0] }.sorted { $0.key < $1.key }.map(\.value)
    return try bootstrap.interval(clusters: clusters) { chosen in
      slope(chosen, x: x, y: y, near: trend.intercept)
    }
  }

  /// The slope of the chosen points; not a number if their x are all equal.
  private static func slope(_ chosen: [Int], x: [Double], y: [Double], near offset: Double) -> Double {
    let n = Double(chosen.count)
    let centre = chosen.reduce(0) { $0 + x[$1] } / n
    let squares = chosen.reduce(0) { $0 + (x[$1] - centre) * (x[$1] - centre) }
    return squares > 0 ? chosen.reduce(0) { $0 + (x[$1] - centre) * (y[$1] - offset) } / squares : .nan
  }
}
