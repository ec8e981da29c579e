/// Where the level of a series changed for good, such as the nightly median of a benchmark.
///
/// The series is cut so that the absolute distances from the medians of the pieces plus a penalty for each cut are
/// least, which outliers hardly disturb. The penalty is not a guess about the noise: it is what the best cut gains in
/// shuffled residuals, so that a series without change raises a false alarm about as rarely as stated, whatever the
/// distribution of its noise (measured in Docs/Statistics.md). Residuals that depend on each other from night to night
/// raise more.
///
///     let changes = try ChangePoints(in: nightlySeconds)
///     for change in changes.changes { print(change.index, change.before, change.after) }
///
/// - Source: the cuts: Killick, Fearnhead and Eckley, "Optimal detection of changepoints with a linear computational
///   cost" (PELT), JASA 2012, with the robust cost of Fearnhead and Rigaill, JASA 2019 (absolute distances, as asv's
///   step detection uses them).
public struct ChangePoints: Sendable, Hashable {
  /// A change of level.
  public struct Change: Sendable, Hashable {
    /// Position of the first value at the new level.
    public var index: Int
    /// Median of the values since the previous change.
    public var before: Double
    /// Median of the values until the next change.
    public var after: Double
  }

  /// The changes in order.
  public var changes: [Change]
  /// The median of each piece, one more than changes.
  public var levels: [Double]
  /// What a cut had to gain, in the unit of the values.
  public var penalty: Double

  /// Finds changes.
  ///
  /// - Parameters:
  ///   - series: At least one finite value, in the order measured; below 10 values none is ever found.
  ///   - falseAlarmRate: Chance of a change in a series without one, at least 1 / (`shuffles` + 1), below 1.
  ///   - minimumLength: Fewest values of a piece, at least 2; a shorter excursion counts as outliers.
  ///   - blockLength: Neighbours that are shuffled together, at least 1; 5 for a series whose neighbours resemble each
  ///     other.
  ///   - shuffles: Number of shuffles for the penalty, at least 1.
  ///   - seed: Seed of the shuffles.
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite` or `.outOfRange`.
  /// - Complexity: O(n²) at most, and O(n · shuffles) moves of memory.
  public init(
    in series: [Double], falseAlarmRate: Double = 0.01, minimumLength: Int = 3, blockLength: Int = 1,
    shuffles: Int = 199, seed: UInt64 = 1
  ) throws(StatisticsError) {
    try check(series, atLeast: 1, for: "a search for changes")
    guard minimumLength >= 2, blockLength >= 1, shuffles >= 1, falseAlarmRate < 1,
      falseAlarmRate * Double(shuffles + 1) >= 1 - 1e-9
    else {
      throw StatisticsError(
        .outOfRange,
        "a search for changes needs pieces of at least 2 values and a false alarm rate from 1 / (shuffles + 1) to 1, not "
          + "\(minimumLength) and \(falseAlarmRate) with \(shuffles) shuffles of blocks of \(blockLength)")
    }
    var cuts: [Int] = []
    penalty = .infinity
    if series.count >= max(10, 2 * minimumLength) {
      let rank = Int((falseAlarmRate * Double(shuffles + 1)).rounded(.down))
      // Real changes inflate the first residuals and hence the first penalty; a few rounds remove them.
      for _ in 0..<5 {
        penalty = ChangePoints.penalty(
          ChangePoints.residuals(series, cuts: cuts), rank: max(1, rank), minimumLength: minimumLength,
          blockLength: blockLength, shuffles: shuffles, seed: seed)
        let found = ChangePoints.cuts(series, penalty: penalty, minimumLength: minimumLength)
        if found == cuts { break }
        cuts = found
      }
    }
    let bounds = [0] + cuts + [series.count]
    let medians = zip(bounds, bounds.dropFirst()).map { median(of: Array(series[$0..<$1])) }
    levels = medians
    changes = zip(cuts, medians.indices).map { Change(index: $0, before: medians[$1], after: medians[$1 + 1]) }
  }

  private static func residuals(_ series: [Double], cuts: [Int]) -> [Double] {
    let bounds = [0] + cuts + [series.count]
    return zip(bounds, bounds.dropFirst()).flatMap { start, end in
      let level = median(of: Array(series[start..<end]))
      return series[start..<end].map { $0 - level }
    }
  }

  /// The gain of a cut that `rank` shuffles of the residuals reach or exceed.
  private static func penalty(
    _ residuals: [Double], rank: Int, minimumLength: Int, blockLength: Int, shuffles: Int, seed: UInt64
  ) -> Double {
    var generator = ResamplingGenerator(seed: seed)
    var blocks = stride(from: 0, to: residuals.count, by: blockLength).map { start in
      residuals[start..<min(start + blockLength, residuals.count)]
    }
    var gains: [Double] = []
    for _ in 0..<shuffles {
      for position in stride(from: blocks.count - 1, to: 0, by: -1) {
        blocks.swapAt(position, generator.index(below: position + 1))
      }
      gains.append(bestGain(blocks.flatMap(\.self), minimumLength: minimumLength))
    }
    gains.sort(by: >)
    return gains[rank - 1]
  }

  /// What the best cut gains, or half of what the best pair of cuts around a short piece gains.
  private static func bestGain(_ values: [Double], minimumLength: Int) -> Double {
    var front = SegmentCost()
    var back = SegmentCost()
    var costs: [Double] = [0]
    for value in values {
      front.append(value)
      costs.append(front.value)
    }
    var best = 0.0
    for position in stride(from: values.count - 1, through: minimumLength, by: -1) {
      back.append(values[position])
      if values.count - position >= minimumLength {
        best = max(best, front.value - back.value - costs[position])
      }
    }
    return max(best, bestExcursion(values, minimumLength: minimumLength) / 2)
  }

  /// What two cuts around a short piece gain at most, the level outside being that of all values.
  private static func bestExcursion(_ values: [Double], minimumLength: Int) -> Double {
    let level = median(of: values)
    var best = 0.0
    for start in values.indices {
      var piece = SegmentCost()
      var distance = 0.0
      for length in 1...3 * minimumLength where start + length <= values.count {
        piece.append(values[start + length - 1])
        distance += abs(values[start + length - 1] - level)
        if length >= minimumLength { best = max(best, distance - piece.value) }
      }
    }
    return best
  }

  /// The best cuts for a penalty.
  private static func cuts(_ series: [Double], penalty: Double, minimumLength: Int) -> [Int] {
    // A cut that gains nothing but rounding must not count.
    let price = penalty + 1e-12 * series.reduce(0) { $0 + abs($1) }
    var best = [Double](repeating: .infinity, count: series.count + 1)
    var previous = [Int](repeating: 0, count: series.count + 1)
    best[0] = -price
    var candidates = [Candidate(start: 0)]
    for end in 1...series.count {
      for position in candidates.indices { candidates[position].cost.append(series[end - 1]) }
      candidates.removeAll { $0.uselessFrom.map { $0 <= end } ?? false }
      for candidate in candidates where end - candidate.start >= minimumLength {
        let total = best[candidate.start] + candidate.cost.value + price
        if total < best[end] {
          best[end] = total
          previous[end] = candidate.start
        }
      }
      // A start that loses against a cut here loses for ever, as soon as the piece after the cut is long enough.
      for position in candidates.indices where candidates[position].uselessFrom == nil {
        if best[candidates[position].start] + candidates[position].cost.value >= best[end] {
          candidates[position].uselessFrom = end + minimumLength
        }
      }
      if best[end].isFinite { candidates.append(Candidate(start: end)) }
    }
    var result: [Int] = []
    var end = previous[series.count]
    while end > 0 {
      result.append(end)
      end = previous[end]
    }
    return result.reversed()
  }

  private struct Candidate {
    var start: Int
    var cost = SegmentCost()
    var uselessFrom: Int?
  }
}
