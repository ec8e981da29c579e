import ExperimentSpec
import JSON
import ResultsStore
import Statistics

/// The cells of a table that are best among those they are compared with.
///
/// A cell that prints means or medians shares the place with all that a paired one-sided t test at 5 % (Holm's correction over the
/// cells compared) does not find worse, as a claim would have to. Cells that leave something out do not compete.
struct BestCells: Sendable {
  /// A cell by row and column.
  private struct Position: Hashable {
    var row: Int
    var column: Int
  }

  private var positions: Set<Position> = []
  /// Whether any test decided, so that a note must say which.
  private(set) var hasTests = false

  var isEmpty: Bool { positions.isEmpty }

  func contains(row: Int, column: Int) -> Bool { positions.contains(Position(row: row, column: column)) }

  /// Compares the cells of each metric of which the spec says what is better.
  init(
    _ request: TableRequest, rows: [TableContent.Row], cells: [[Measurement]], replicates: Set<String>,
    index: ResultsIndex
  ) {
    // Rows that repeat one another do not compete.
    let areRowsRivals = request.summary.isEmpty && !request.rowAxes.allSatisfy(replicates.contains)
    let columns = request.columns.indices.filter { !request.columns[$0].directionSign.isEmpty }
    func fields(_ rows: [Int], _ columns: [Int]) -> [Position] {
      rows.flatMap { row in columns.map { Position(row: row, column: $0) } }
    }
    var rivals: [[Position]] = []
    let byMetric = Dictionary(grouping: columns) { request.columns[$0].source.metric }.values.map { $0.sorted() }
    switch request.best {
    case .none: break
    case .column where areRowsRivals: rivals = columns.map { fields(Array(rows.indices), [$0]) }
    case .table where areRowsRivals: rivals = byMetric.map { fields(Array(rows.indices), $0) }
    case .row: rivals = rows.indices.flatMap { row in byMetric.map { fields([row], $0) } }
    case .column, .table: break
    }
    for group in rivals {
      let whole = group.filter { !cells[$0.row][$0.column].isIncomplete && !cells[$0.row][$0.column].values.isEmpty }
      guard whole.count > 1 else { continue }
      add(whole, request, rows, cells, replicates, index)
    }
  }

  private mutating func add(
    _ group: [Position], _ request: TableRequest, _ rows: [TableContent.Row], _ cells: [[Measurement]],
    _ replicates: Set<String>, _ index: ResultsIndex
  ) {
    func score(_ position: Position) -> Double {
      let column = request.columns[position.column]
      let value = PaperTable.statistic(of: cells[position.row][position.column], column)
      return (column.better == .less ? -1 : 1) * (value ?? .nan)
    }
    let scores = group.map(score)
    guard let top = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return }
    let others = group.indices.filter { scores[$0] != scores[top] }
    positions.formUnion(group.indices.filter { scores[$0] == scores[top] }.map { group[$0] })
    func units(_ position: Position) -> [String: Measurement] {
      let column = request.columns[position.column]
      let trials = column.trials(among: rows[position.row].trials)
      return Dictionary(grouping: trials) { trial in
        trial.assignment.filter { replicates.contains($0.name) }.map(\.value.comparable).joined(separator: "\u{1F}")
      }.mapValues { index.measurement(column.source, for: $0) }
    }
    let style = request.columns[group[top].column].cell ?? .meanDeviationInterval
    guard style.isTested, cells[group[top].row][group[top].column].values.count > 1 else { return }
    let best = units(group[top])
    let sign = request.columns[group[top].column].better == .less ? -1.0 : 1
    let risks = others.map { other -> Double in
      var seen: Set<[Int64]> = []
      let differences = units(group[other]).sorted { $0.key < $1.key }.compactMap { key, measurement -> Double? in
        guard let rival = best[key], let value = rival.mean, let base = measurement.mean,
          seen.insert(rival.observations.map(\.attempt) + [-1] + measurement.observations.map(\.attempt)).inserted
        else { return nil }
        return sign * (value - base)
      }
      return OneSidedTest(of: differences).abovePValue
    }
    hasTests = hasTests || !others.isEmpty
    for (other, share) in zip(others, ClaimFamily.shares(risks)) where share.adjustedP >= ClaimFamily.significance {
      positions.insert(group[other])
    }
  }

  /// What bold numbers and arrows mean, as a sentence each; empty if there are none.
  func note(_ request: TableRequest) -> String {
    let signs = Set(request.columns.filter { $0.missing == nil }.map(\.directionSign))
    var parts: [String] = []
    if !isEmpty {
      let place =
        switch request.best {
        case .row: "each row"
        case .table: "the table"
        case .column, .none: "each column"
        }
      parts.append(
        "Bold: the best value of \(place)"
          + (hasTests ? ", and those that a paired one-sided t test (5 %, Holm) does not find worse." : "."))
    }
    if signs.contains(" ↑") { parts.append("↑: more is better.") }
    if signs.contains(" ↓") { parts.append("↓: less is better.") }
    return parts.joined(separator: " ")
  }
}

extension TableRequest.CellStyle {
  /// Whether chance decides which cell is best: extreme values are compared as they are.
  fileprivate var isTested: Bool {
    switch self {
    case .meanDeviationInterval, .mean, .meanDeviation, .interval, .median: true
    case .min, .max, .best: false
    }
  }
}
