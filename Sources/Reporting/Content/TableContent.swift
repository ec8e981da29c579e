import JSON
import ResultsStore
import Statistics

/// The measured cells of a requested table.
struct TableContent: Sendable {
  /// One row and the trials behind it.
  struct Row: Sendable {
    var name: String
    var trials: [TrialResults]
  }

  let request: TableRequest
  let rows: [Row]
  /// By row, then column.
  let cells: [[Measurement]]

  /// Looks a table's cells up.
  init(_ request: TableRequest, index: ResultsIndex) {
    self.request = request
    let trials = index.trials(request.filter)
    if let axis = request.rowAxis {
      rows = index.values(of: axis, in: trials).enumerated().map { position, value in
        Row(
          name: request.namesRowsByIndex ? String(position + 1) : Markdown.escaped(value.displayText),
          trials: trials.filter { $0.value(of: axis)?.denotesSame(as: value) == true })
      }
    } else {
      rows = trials.isEmpty ? [] : [Row(name: "all", trials: trials)]
    }
    cells = rows.map { row in request.columns.map { index.measurement($0.source, for: row.trials) } }
  }

  /// Whether the rows repeat one another, so that their mean has a meaning: the author asked for it.
  var hasReplicateRows: Bool { !request.summary.isEmpty }

  /// Returns all measurements of a column as one.
  func pooled(_ column: Int) -> Measurement {
    Measurement(joining: cells.map { $0[column] })
  }

  /// Returns one value per row, `nil` where there is none.
  func rowMeans(_ column: Int) -> [Double?] {
    cells.map { $0[column].summary?.mean }
  }

  /// The attempts behind all cells.
  var attempts: Set<Int64> {
    Set(cells.joined().flatMap { $0.observations.map(\.attempt) })
  }
}
