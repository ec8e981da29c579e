import Glibc
import Statistics

/// The usable nights of one quantity, cut where its level changed for good.
///
/// Positive quantities are looked at on the logarithmic scale, where a slow-down by a share is a distance.
struct LevelHistory {
  /// A stretch of nights at one level.
  struct Piece {
    var range: Range<Int>
    var level: Double
  }

  /// Fewest nights before the latest one for a verdict on it.
  static let leastNights = RobustPrediction.leastCount
  /// As many residuals as say enough about the spread; older noise may be that of another time.
  private static let residualCount = 60
  /// As many nights are searched for changes.
  private static let searchedNights = 90

  let values: [Double]
  let isLogarithmic: Bool
  private(set) var pieces: [Piece]
  private let leastChange: Double

  /// Cuts a series.
  ///
  /// - Parameters:
  ///   - series: The values of usable nights in their unit, the latest night's last.
  ///   - accepted: Position and value of the accepted level.
  ///   - risk: Accepted risk of a change in a series without one.
  ///   - leastChange: Smallest relative change that counts.
  init(_ series: [Double], accepted: (position: Int, value: Double)?, risk: Double, leastChange: Double) {
    let positive = series.allSatisfy { $0 > 0 } && (accepted?.value ?? 1) > 0
    isLogarithmic = positive
    self.leastChange = leastChange
    let transformed = positive ? series.map { log($0) } : series
    values = transformed
    pieces = []
    let skipped = max(0, values.count - Self.searchedNights)
    cut(at: Self.changes(in: Array(values[skipped...]), risk: risk).map { $0 + skipped })
    dropSmallCuts()
    if let accepted, let piece = pieces.first(where: { $0.range.contains(accepted.position) }) {
      let value = onScale(accepted.value)
      // Whoever accepts a new level on its first night need not wait until the search for changes sees it.
      let (before, after) = (piece.range.lowerBound..<accepted.position, accepted.position..<piece.range.upperBound)
      if !before.isEmpty, !isSmall(value - level(of: before)), isNearer(value, after, than: before) {
        cut(at: (pieces.dropFirst().map(\.range.lowerBound) + [accepted.position]).sorted())
      }
    }
  }

  /// A value on the scale of ``values``.
  func onScale(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
  /// A value of the scale in its unit.
  func inUnit(_ value: Double) -> Double { isLogarithmic ? exp(value) : value }

  /// Whether a distance on the scale is of no consequence.
  func isSmall(_ distance: Double) -> Bool {
    if isLogarithmic { return abs(distance) < log1p(leastChange) }
    let size = values.isEmpty ? 0 : median(of: values.map { abs($0) })
    return abs(distance) <= leastChange * size
  }

  /// What the latest night is expected to be; nil with too little history.
  ///
  /// - Parameter accepted: The accepted level, if it belongs to the latest piece.
  /// - Returns: Centre and spread on the scale of ``values``.
  func band(accepted: Double?) -> PredictionBand? {
    guard let last = pieces.last, values.count > Self.leastNights else { return nil }
    let before = values.count - 1
    let residuals = pieces.flatMap { piece -> [Double] in
      let range = piece.range.clamped(to: 0..<before)
      guard range.count >= 3 else { return [] }
      let level = level(of: range)
      return range.map { values[$0] - level }
    }
    let recent = last.range.clamped(to: 0..<before)
    let centre: (value: Double, count: Int)
    if recent.count >= 3 || (accepted == nil && !recent.isEmpty) {
      centre = (level(of: recent), recent.count)
    } else if let accepted {
      centre = (onScale(accepted), 3)
    } else {
      let earlier = pieces.dropLast().last?.range ?? 0..<before
      centre = (level(of: earlier), earlier.count)
    }
    return try? PredictionBand(
      centre: centre.value, centreCount: centre.count, residuals: Array(residuals.suffix(Self.residualCount)))
  }

  func level(of range: Range<Int>) -> Double { median(of: Array(values[range])) }

  /// Whether a value is more like one stretch of nights than another; one of fewer than three nights may be like anything.
  private func isNearer(_ value: Double, _ range: Range<Int>, than other: Range<Int>) -> Bool {
    range.count < 3 || abs(value - level(of: range)) < abs(value - level(of: other))
  }

  /// The first nights of new levels.
  ///
  /// A series in which a lax search finds nothing is not searched strictly, which takes many more shuffles. The strict search leaves room for
  /// two shuffles that happen to put a real change together again, else one of them would hide it.
  private static func changes(in series: [Double], risk: Double) -> [Int] {
    let lax = try? ChangePoints(in: series, falseAlarmRate: max(0.05, risk))
    guard lax?.changes.isEmpty == false else { return [] }
    let shuffles = min(2999, Int((3 / risk).rounded(.up)))
    let strict = try? ChangePoints(
      in: series, falseAlarmRate: max(risk, 3 / Double(shuffles + 1)), shuffles: shuffles)
    return strict?.changes.map(\.index) ?? []
  }

  private mutating func cut(at cuts: [Int]) {
    guard !values.isEmpty else { return }
    let bounds = [0] + cuts + [values.count]
    pieces = zip(bounds, bounds.dropFirst()).filter { $0 < $1 }.map { start, end in
      Piece(range: start..<end, level: level(of: start..<end))
    }
  }

  private mutating func dropSmallCuts() {
    while let small = pieces.indices.dropFirst().first(where: { isSmall(pieces[$0].level - pieces[$0 - 1].level) }) {
      cut(at: pieces.indices.dropFirst().filter { $0 != small }.map { pieces[$0].range.lowerBound })
    }
  }
}
