import ExperimentSpec
import JSON
import ResultsStore
import Statistics

/// The measured cells of a requested table.
struct TableContent: Sendable {
  /// One row and the trials behind it.
  struct Row: Sendable {
    /// The value on each row axis, escaped; "all" for the only row of a table without axes.
    var names: [String]
    /// What sentences call the row: "Trial 2", "model svm, C 0.1".
    var title: String
    /// The name as it occurs in addresses.
    var slug: String
    var trials: [TrialResults]

    /// The values on the row axes as one text.
    var name: String { names.joined(separator: ", ") }
  }

  /// The request with a column for each value of the axes in `by`.
  let request: TableRequest
  /// What stands above each column, the outermost head first; a single text unless the column is one of several values.
  let heads: [[String]]
  /// The names of the columns in addresses.
  let columnNames: [String]
  let rows: [Row]
  /// By row, then column.
  let cells: [[Measurement]]
  /// The axes whose values are repetitions of the same thing.
  let replicates: Set<String>
  /// The positions, by row and column, of the cells that are best of those they are compared with.
  let best: BestCells

  /// Looks a table's cells up.
  ///
  /// A column that says both what it measures and why that may be missing is measured as soon as one attempt reported it.
  init(_ request: TableRequest, replicates: Set<String> = ReportSection.standardReplicates, index: ResultsIndex) {
    var request = request
    let trials = index.trials(request.filter)
    let expanded = request.columns.flatMap { ColumnExpansion.columns($0, of: trials, index: index) }
    request.columns = expanded.map(\.column).map { column in
      var column = column
      column.cell = column.cell ?? request.cell
      return column
    }
    let rows = Self.rows(request, trials, index)
    let cells = rows.map { row in
      request.columns.map { index.measurement($0.source, for: $0.trials(among: row.trials)) }
    }
    for position in request.columns.indices
    where cells.contains(where: { !$0[position].shortfall.isMereAbsence || !$0[position].observations.isEmpty }) {
      request.columns[position].missing = nil
    }
    self.request = request
    self.replicates = replicates
    self.rows = rows
    self.cells = cells
    heads = expanded.map(\.heads)
    columnNames = Self.names(of: expanded)
    best = BestCells(request, rows: rows, cells: cells, replicates: replicates, index: index)
  }

  private static func rows(_ request: TableRequest, _ trials: [TrialResults], _ index: ResultsIndex) -> [Row] {
    guard !request.rowAxes.isEmpty else {
      return trials.isEmpty ? [] : [Row(names: ["all"], title: "\(request.rowLabel) all", slug: "all", trials: trials)]
    }
    let groups = index.combinations(of: request.rowAxes, in: trials)
    let isNumbered = request.rowNames == .index && request.rowAxes.count == 1
    let names = groups.enumerated().map { number, group in
      isNumbered ? [String(number + 1)] : group.values.map(\.displayText)
    }
    let slugs = CellAddress.distinctSlugs(names.map { $0.joined(separator: ", ") })
    return groups.indices.map { row in
      let escaped = names[row].map(Markdown.escaped)
      return Row(
        names: escaped, title: zip(request.rowLabels, escaped).map { "\($0) \($1)" }.joined(separator: ", "),
        slug: slugs[row], trials: groups[row].trials)
    }
  }

  /// Columns without an id are called by their metric, or by their label if several show the same one.
  private static func names(of columns: [ColumnExpansion]) -> [String] {
    var uses: [String: Int] = [:]
    for column in columns { uses[column.column.source.metric, default: 0] += 1 }
    let names = columns.map { expanded in
      let column = expanded.column
      let metric = column.source.metric
      let isAlone = !metric.isEmpty && uses[metric] == 1
      guard !expanded.values.isEmpty else { return column.id ?? (isAlone ? metric : column.label) }
      return ([column.id ?? (metric.isEmpty ? column.label : metric)] + expanded.values).joined(separator: "-")
    }
    return CellAddress.distinctSlugs(names)
  }

  /// Returns the address of a cell, without the experiment.
  func address(row: Int?, summary: TableRequest.SummaryRow?, column: Int) -> String {
    let line = row.map { rows[$0].slug } ?? summary?.rawValue ?? "all"
    return "\(request.id):\(line):\(columnNames[column])"
  }

  /// Returns where every cell comes from, summary rows included.
  func traces() -> [TraceEntry] {
    var entries: [TraceEntry] = []
    for (row, line) in rows.enumerated() {
      for (position, column) in request.columns.enumerated() where column.missing == nil {
        let cell = cells[row][position]
        entries.append(
          TraceEntry(
            address: address(row: row, summary: nil, column: position),
            title: "\(request.title): \(line.title), \(column.label)",
            text: PaperTable.text(of: cell, column), sources: [column.source],
            observations: cell.observations, gaps: cell.gaps))
      }
    }
    for summary in request.summary {
      for (position, column) in request.columns.enumerated() where column.missing == nil {
        let cell = pooled(position)
        entries.append(
          TraceEntry(
            address: address(row: nil, summary: summary, column: position),
            title: "\(request.title): \(summary.rawValue) of \(column.label)",
            text: PaperTable.value(summary, of: rowMeans(position).compactMap { $0 }, column), sources: [column.source],
            observations: cell.observations, gaps: cell.gaps))
      }
    }
    return entries
  }

  /// Whether the rows repeat one another, so that their mean has a meaning: the author asked for it.
  var hasReplicateRows: Bool { !request.summary.isEmpty }

  /// What an independent value of a cell is one of: the axes in which the trials behind it differ.
  var unitName: String {
    if hasReplicateRows, !request.rowAxes.isEmpty { return request.rowAxes.joined(separator: ", ") }
    guard let trials = rows.first?.trials, let first = trials.first else { return "" }
    return first.assignment.filter { variable in
      trials.contains { $0.value(of: variable.name)?.isSameScalar(as: variable.value) != true }
    }.map(\.name).joined(separator: ", ")
  }

  /// Positions of the columns that something was measured for.
  var evaluatedColumns: [Int] { request.columns.indices.filter { request.columns[$0].missing == nil } }

  /// Returns all measurements of a column as one.
  func pooled(_ column: Int) -> Measurement {
    Measurement(joining: cells.map { $0[column] })
  }

  /// Returns one value per row, `nil` where there is none.
  func rowMeans(_ column: Int) -> [Double?] {
    cells.map { $0[column].mean }
  }

  /// The attempts behind all cells.
  var attempts: Set<Int64> {
    Set(cells.joined().flatMap { $0.observations.map(\.attempt) })
  }
}
