import ExperimentSpec
import Statistics

/// The measured table in the paper's own shape: its columns, rows, decimals and summary rows.
enum PaperTable {
  /// Most columns of a table whose cells have room for intervals.
  static let columnsWithIntervals = 5
  /// Marks a mean that leaves out what is not a finite value.
  static let survivorMark = "†"

  /// Says of each column what its means leave out, by kind.
  static func survivorNote(_ content: TableContent) -> String {
    let parts = content.evaluatedColumns.compactMap { position -> String? in
      let pooled = content.pooled(position)
      let counts = pooled.shortfall.text(of: pooled.expectedCount)
      return counts.isEmpty ? nil : "\(content.request.columns[position].label): \(counts)"
    }
    return "\(survivorMark) Mean over finite values; left out of \(parts.joined(separator: "; "))."
  }

  /// Returns the table without the columns of which nothing was evaluated.
  static func measured(_ content: TableContent) -> TableModel {
    let columns = content.request.columns
    let shown = content.evaluatedColumns
    let showsCount = commonCount(content) == nil
    let showsInterval = showsIntervals(content)
    var table = TableModel(header: [content.request.rowLabel] + shown.map { columns[$0].label })
    for (row, cells) in zip(content.rows, content.cells) {
      table.rows.append(
        [row.name]
          + shown.map { text(of: cells[$0], columns[$0], showsCount: showsCount, showsInterval: showsInterval) })
    }
    for summary in content.request.summary {
      table.rows.append(
        ["**\(title(of: summary))**"]
          + shown.map { position in
            let means = content.rowMeans(position)
            let isPartial = means.contains { $0 == nil } || content.cells.contains { $0[position].isIncomplete }
            return value(summary, of: means.compactMap { $0 }, columns[position]) + (isPartial ? survivorMark : "")
          })
    }
    for row in table.rows.indices {
      for (place, position) in shown.enumerated() {
        let isMeasured = row < content.rows.count
        let summary = isMeasured ? nil : content.request.summary[row - content.rows.count]
        table.addresses[row, default: [:]][place + 1] = content.address(
          row: isMeasured ? row : nil, summary: summary, column: position)
      }
    }
    return table
  }

  /// What stands in the cells of a quantity that cannot be measured here.
  static let notEvaluated = "not evaluated"

  /// Whether the cells of a table say the intervals of their means; in a wide table they would hide the numbers.
  static func showsIntervals(_ content: TableContent) -> Bool {
    content.evaluatedColumns.count <= columnsWithIntervals
  }

  /// Returns how many attempts every cell with several of them has, `nil` if cells differ or all have one.
  static func commonCount(_ content: TableContent) -> Int? {
    let counts = Set(content.cells.joined().map(\.expectedCount).filter { $0 > 1 })
    return counts.count == 1 ? counts.first : nil
  }

  /// Returns the numbers that the paper prints, `nil` if it prints none.
  static func printed(_ content: TableContent) -> TableModel? {
    let columns = content.request.columns
    guard columns.contains(where: \.hasPaper) else { return nil }
    var table = TableModel(header: [content.request.rowLabel] + columns.map(\.label))
    let rowCount = min(content.rows.count, columns.map(\.paper.count).max() ?? 0)
    for position in 0..<rowCount {
      table.rows.append(
        [content.rows[position].name]
          + columns.map { column in
            guard position < column.paper.count, let value = column.paper[position] else { return NumberFormat.missing }
            return column.text(of: value)
          })
    }
    for summary in content.request.summary where summary == .mean || summary == .std {
      table.rows.append(
        ["**\(title(of: summary))**"]
          + columns.map { column in
            let value = summary == .mean ? column.paperMean : column.paperDeviation
            return value.map { NumberFormat.fixed($0, column.digits) + suffix(column.unit) } ?? "–"
          })
    }
    return table
  }

  /// Returns a cell of a column: yes or no where it asks for that, else a number.
  static func text(
    of measurement: Measurement, _ column: TableRequest.Column, showsCount: Bool = true, showsInterval: Bool = true
  ) -> String {
    let values = measurement.values
    if column.format == .yesNo, !values.isEmpty, values.allSatisfy({ $0 == 0 || $0 == 1 }) {
      let yes = values.count { $0 == 1 }
      let isUnanimous = !measurement.isIncomplete && (yes == 0 || yes == values.count)
      guard !isUnanimous else { return column.text(of: values[0]) }
      return "yes in \(yes) of \(measurement.expectedCount)" + (measurement.isIncomplete ? survivorMark : "")
    }
    return text(of: measurement, digits: column.digits, showsCount: showsCount, showsInterval: showsInterval)
  }

  /// Returns a cell: a number, several attempts as mean ± sd [95 % interval] (n), or what is missing.
  ///
  /// Attempts that all agree are one number.
  static func text(
    of measurement: Measurement, digits: Int, showsCount: Bool = true, showsInterval: Bool = true
  ) -> String {
    if measurement.observations.count == 1, measurement.gaps.isEmpty {
      return NumberFormat.fixed(measurement.observations[0].value, digits)
    }
    guard let summary = measurement.summary else {
      if let value = measurement.observations.first?.value { return NumberFormat.fixed(value, digits) }
      return measurement.gaps.first.map { Markdown.escaped($0.text) } ?? NumberFormat.missing
    }
    var text = NumberFormat.fixed(summary.mean, digits)
    if let deviation = summary.standardDeviation, deviation > 0 {
      text += " ± " + NumberFormat.fixed(deviation, digits)
      if showsInterval, let interval = measurement.meanInterval {
        text += " " + NumberFormat.range(interval.lower, interval.upper, digits)
      }
    }
    guard measurement.isIncomplete else { return showsCount ? text + " (n = \(summary.count))" : text }
    return text + " (n = \(summary.count) of \(measurement.expectedCount))" + survivorMark
  }

  private static func title(of summary: TableRequest.SummaryRow) -> String {
    switch summary {
    case .mean: "Mean"
    case .std: "Std"
    case .median: "Median"
    case .min: "Min"
    case .max: "Max"
    }
  }

  /// Returns a cell of a summary row.
  static func value(
    _ row: TableRequest.SummaryRow, of values: [Double], _ column: TableRequest.Column
  ) -> String {
    guard let summary = try? Summary(of: values) else { return "–" }
    let value: Double? =
      switch row {
      case .mean: summary.mean
      case .std: summary.standardDeviation
      case .median: summary.median
      case .min: summary.minimum
      case .max: summary.maximum
      }
    return value.map { NumberFormat.fixed($0, column.digits) + suffix(column.unit) } ?? "–"
  }

  private static func suffix(_ unit: String) -> String {
    unit.isEmpty ? "" : " \(unit)"
  }
}
