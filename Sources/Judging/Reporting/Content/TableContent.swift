import ExperimentSpec
import JSON
import ResultsStore
import Statistics

/// The measured cells of a requested table.
struct TableContent: Sendable {
  /// One row and the trials behind it.
  struct Row: Sendable {
    var name: String
    /// The name as it occurs in addresses.
    var slug: String
    var trials: [TrialResults]
  }

  let request: TableRequest
  /// The names of the columns in addresses.
  let columnNames: [String]
  let rows: [Row]
  /// By row, then column.
  let cells: [[Measurement]]

  /// Looks a table's cells up.
  ///
  /// A column that says both what it measures and why that may be missing is measured as soon as one attempt reported it.
  init(_ request: TableRequest, index: ResultsIndex) {
    var request = request
    let trials = index.trials(request.filter)
    if let axis = request.rowAxis {
      let values = index.values(of: axis, in: trials)
      let names = values.enumerated().map {
        request.rowNames == .index ? String($0.offset + 1) : $0.element.displayText
      }
      let groups = index.groups(trials, by: axis, values: values)
      rows = zip(zip(names, CellAddress.distinctSlugs(names)), groups).map { names, group in
        Row(name: Markdown.escaped(names.0), slug: names.1, trials: group)
      }
    } else {
      rows = trials.isEmpty ? [] : [Row(name: "all", slug: "all", trials: trials)]
    }
    let cells = rows.map { row in request.columns.map { index.measurement($0.source, for: row.trials) } }
    for position in request.columns.indices
    where cells.contains(where: { !$0[position].shortfall.isMereAbsence || !$0[position].observations.isEmpty }) {
      request.columns[position].missing = nil
    }
    self.request = request
    self.cells = cells
    columnNames = Self.names(of: request.columns)
  }

  /// Columns without an id are called by their metric, or by their label if several show the same one.
  private static func names(of columns: [TableRequest.Column]) -> [String] {
    let metrics = columns.map(\.source.metric)
    let names = columns.map { column in
      let isAlone = !column.source.metric.isEmpty && metrics.count { $0 == column.source.metric } == 1
      return column.id ?? (isAlone ? column.source.metric : column.label)
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
            title: "\(request.title): \(request.rowLabel) \(line.name), \(column.label)",
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
    if hasReplicateRows, let axis = request.rowAxis { return axis }
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
