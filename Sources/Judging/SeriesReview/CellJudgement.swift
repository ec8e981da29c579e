import ResultsStore
import Statistics

/// Judges the latest night of all cells together.
///
/// Two questions with one risk each: does tonight's value lie outside of what earlier nights make likely (Holm's correction over cells), and
/// has the level changed for good since the accepted one, or since the best one of what can be better (Bonferroni)?
struct CellJudgement {
  let policy: NightReview.Policy
  /// Row ids of the runs of all nights.
  let runs: [Int64]

  /// Returns the cells with their verdicts.
  func judged(_ cells: [NightCell]) -> [NightCell] {
    let family = max(1, cells.count { $0.latest != nil })
    var judged: [NightCell] = []
    var shifts: [NightCell.Verdict?] = []
    for cell in cells {
      let (described, shift) = described(cell, family: family)
      judged.append(described)
      shifts.append(shift)
    }
    let tested = judged.indices.filter { judged[$0].pValue != nil }
    let adjusted = (try? MultiplicityCorrection.holm.adjusted(tested.map { judged[$0].pValue ?? 1 })) ?? []
    let unusual = Set(zip(tested, adjusted).filter { $1 < policy.risk }.map(\.0))
    for position in judged.indices {
      judged[position].verdict = verdict(
        on: judged[position], isUnusual: unusual.contains(position), shift: shifts[position])
    }
    return judged
  }

  /// The cell with its changes, its level and what was expected of it, and a lasting change that nobody accepted.
  private func described(_ cell: NightCell, family: Int) -> (NightCell, NightCell.Verdict?) {
    var cell = cell
    let usable = cell.points.filter(\.isUsable)
    guard !usable.isEmpty else { return (cell, nil) }
    let accepted = cell.baseline.map { baseline -> (position: Int, value: Double) in
      let night = runs.firstIndex(of: baseline.run) ?? 0
      return (usable.firstIndex { $0.night >= night } ?? usable.count - 1, baseline.value)
    }
    let history = LevelHistory(
      usable.map(\.value), accepted: accepted, risk: policy.risk / Double(family), leastChange: policy.leastChange)
    cell.changes = zip(history.pieces, history.pieces.dropFirst()).map { before, after in
      NightCell.Change(
        night: usable[after.range.lowerBound].night, before: history.inUnit(before.level),
        after: history.inUnit(after.level))
    }
    if let last = history.pieces.last { cell.level = (history.inUnit(last.level), last.range.count) }
    let (reference, since) = comparison(of: history, accepted: accepted, better: cell.betterDirection)
    cell.reference = reference
    if let latest = cell.latest, latest.isUsable {
      let isCurrent = accepted.map { history.pieces.last?.range.contains($0.position) ?? false } ?? false
      if let band = history.band(accepted: isCurrent ? accepted?.value : nil) {
        let value = history.onScale(latest.value)
        cell.pValue = history.isSmall(value - band.centre) && band.spread > 0 ? 1 : band.pValue(of: value)
        let range = band.interval(significance: policy.risk / Double(family))
        cell.expected = ConfidenceInterval(
          lower: history.inUnit(range.lower), upper: history.inUnit(range.upper), level: range.level)
      }
    }
    guard let since, let level = cell.level else { return (cell, nil) }
    return (cell, .shifted(level.value > (reference ?? 0) ? .up : .down, since: usable[since].night))
  }

  /// The level that the present one is compared with, in the unit, and the position since which it is another one; nil if it is not.
  private func comparison(
    of history: LevelHistory, accepted: (position: Int, value: Double)?, better: NightCell.Direction?
  ) -> (reference: Double?, since: Int?) {
    let pieces = history.pieces
    let start = accepted.flatMap { accepted in pieces.firstIndex { $0.range.contains(accepted.position) } } ?? 0
    guard pieces.indices.contains(start), let present = pieces.last else { return (nil, nil) }
    var reference = accepted.map { history.onScale($0.value) } ?? pieces[start].level
    var base = start
    if let better {
      // What became better needs nobody's consent; that it becomes worse again does.
      for index in pieces.indices.dropFirst(start + 1).dropLast()
      where (better == .down ? pieces[index].level < reference : pieces[index].level > reference)
        && !history.isSmall(pieces[index].level - reference)
      {
        (reference, base) = (pieces[index].level, index)
      }
    }
    let difference = present.level - reference
    guard base < pieces.count - 1, !history.isSmall(difference),
      isDistinct(present, pieces[base], of: history)
    else { return (history.inUnit(reference), nil) }
    var since = pieces.count - 1
    while since - 1 > base {
      let earlier = pieces[since - 1].level - reference
      guard !history.isSmall(earlier), (earlier > 0) == (difference > 0) else { break }
      since -= 1
    }
    return (history.inUnit(reference), pieces[since].range.lowerBound)
  }

  /// Whether two stretches differ; few nights, or neighbours that the search for changes has told apart, are taken to.
  private func isDistinct(_ one: LevelHistory.Piece, _ other: LevelHistory.Piece, of history: LevelHistory) -> Bool {
    guard one.range.lowerBound != other.range.upperBound else { return true }
    let shift = try? HodgesLehmann(
      first: Array(history.values[one.range].suffix(50)), second: Array(history.values[other.range].suffix(50)),
      level: 1 - policy.risk)
    return shift?.interval.interval.map { !$0.contains(0) } ?? true
  }

  private func verdict(on cell: NightCell, isUnusual: Bool, shift: NightCell.Verdict?) -> NightCell.Verdict {
    guard let latest = cell.latest else { return cell.verdict }
    if let reason = latest.staleReason { return .stale(reason) }
    if latest.isBlind { return .undecided("the night is blind") }
    var tonight: NightCell.Verdict?
    if isUnusual, let expected = cell.expected {
      tonight = .unusual(latest.value > (expected.lower + expected.upper) / 2 ? .up : .down)
    }
    func isBad(_ verdict: NightCell.Verdict?) -> Bool {
      guard let verdict else { return false }
      var copy = cell
      copy.verdict = verdict
      return copy.isRegression
    }
    if isBad(shift) || isBad(tonight) { return isBad(shift) ? shift ?? .steady : tonight ?? .steady }
    if let better = shift ?? tonight { return better }
    guard cell.pValue != nil else {
      let count = cell.points.count { $0.isUsable } - 1
      return .waiting(nights: max(0, count), needed: LevelHistory.leastNights)
    }
    return .steady
  }
}
