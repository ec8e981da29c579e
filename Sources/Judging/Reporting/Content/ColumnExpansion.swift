import ExperimentSpec
import JSON
import ResultsStore

/// A column of a table as it is measured: one of those that `by` asks for, or one that stands as the spec has it.
struct ColumnExpansion {
  var column: TableRequest.Column
  /// What stands above it, the outermost head first.
  var heads: [String]
  /// The values on the axes of `by`, as the spec writes them.
  var values: [String] = []

  /// Returns a column for each combination of values that occurs on the axes of `by`, in the order of the axes.
  static func columns(
    _ column: TableRequest.Column, of trials: [TrialResults], index: ResultsIndex
  ) -> [ColumnExpansion] {
    guard !column.by.isEmpty else { return [ColumnExpansion(column: column, heads: [column.label])] }
    return index.combinations(of: column.by, in: column.trials(among: trials)).map { combination in
      var single = column
      single.filter.conditions += zip(column.by, combination.values).map { (name: $0, values: [$1]) }
      // A number needs the name of what it is a value of.
      let names = zip(column.by, combination.values).map { axis, value in
        Markdown.escaped(value.stringValue ?? "\(axis) = \(value.displayText)")
      }
      let heads = [column.label] + names
      single.label = heads.joined(separator: ", ")
      return ColumnExpansion(column: single, heads: heads, values: combination.values.map(\.displayText))
    }
  }
}

extension TableRequest.Column {
  /// Returns those of some trials that the column shows.
  func trials(among trials: [TrialResults]) -> [TrialResults] {
    filter.conditions.isEmpty ? trials : trials.filter(filter.matches)
  }

  /// The sign of the direction that is better, with a space before it; empty if there is none.
  var directionSign: String {
    switch better {
    case .greater: " ↑"
    case .less: " ↓"
    case .neither, nil: ""
    }
  }
}
