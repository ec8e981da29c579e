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
    let labels = content.request.rowLabels
    var table = TableModel(
      header: labels + shown.map { columns[$0].label + columns[$0].directionSign }, leadingColumns: labels.count)
    table.spanningHeads = spanningHeads(content)
    table.groupColumns = labels.count - 1
    for (number, row) in content.rows.enumerated() {
      table.rows.append(
        row.names
          + shown.map { column in
            let text = text(
              of: content.cells[number][column], columns[column], showsCount: showsCount, showsInterval: showsInterval)
            return content.best.contains(row: number, column: column) ? bold(text) : text
          })
    }
    for summary in content.request.summary {
      table.rows.append(
        ["**\(title(of: summary))**"] + labels.dropFirst().map { _ in "" }
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
        table.addresses[row, default: [:]][place + labels.count] = content.address(
          row: isMeasured ? row : nil, summary: summary, column: position)
      }
    }
    return table
  }

  /// The heads above the columns, level by level; none if every column has one of its own.
  private static func spanningHeads(_ content: TableContent) -> [[TableModel.Head]] {
    let shown = content.evaluatedColumns
    let depth = shown.map { content.heads[$0].count }.max() ?? 1
    guard depth > 1 else { return [] }
    // Columns without values of an axis have their head at the lowest level.
    let paths = shown.map { column in
      var path = content.heads[column]
      path[0] += content.request.columns[column].directionSign
      return Array(repeating: "", count: depth - path.count) + path
    }
    let labels = content.request.rowLabels
    return (0..<depth).map { level in
      let isLast = level == depth - 1
      var heads = isLast ? labels.map { TableModel.Head(text: $0) } : [TableModel.Head(text: "", span: labels.count)]
      for (position, path) in paths.enumerated() {
        let isSame = position > 0 && paths[position - 1].prefix(level + 1) == path.prefix(level + 1)
        if isSame, !isLast, !path[level].isEmpty {
          heads[heads.count - 1].span += 1
        } else {
          heads.append(TableModel.Head(text: path[level]))
        }
      }
      return heads
    }
  }

  /// Sets the number of a cell in bold, without its spread.
  private static func bold(_ text: String) -> String {
    let number = text.prefix { $0 != " " }
    return "**\(number)**" + text.dropFirst(number.count)
  }

  /// What stands in the cells of a quantity that cannot be measured here.
  static let notEvaluated = "not evaluated"

  /// Whether the cells of a table say the intervals of their means; in a wide table they would hide the numbers.
  static func showsIntervals(_ content: TableContent) -> Bool {
    content.evaluatedColumns.count <= columnsWithIntervals
  }

  /// Says what the cells print and of how many attempts, if that is the same for all; `nil` if every cell is one value.
  static func cellNote(_ content: TableContent) -> String? {
    let shown = content.evaluatedColumns
    let styles = shown.compactMap { content.request.columns[$0].cell }
    var distinct: [TableRequest.CellStyle] = []
    for style in styles where !distinct.contains(style) { distinct.append(style) }
    let count = commonCount(content)
    let hasSpread = content.cells.joined().contains { $0.expectedCount > 1 }
    guard hasSpread, count != nil || distinct != [.meanDeviationInterval] else { return nil }
    let showsInterval = showsIntervals(content)
    let parts = distinct.map { style in
      let labels = shown.filter { content.request.columns[$0].cell == style }.map { content.request.columns[$0].label }
      let words = style.words(showsInterval: showsInterval)
      return distinct.count == 1 ? words : "\(words) of \(labels.joined(separator: ", "))"
    }
    let isCut = distinct.contains(.meanDeviationInterval) && !showsInterval
    return "*Cells: \(parts.joined(separator: "; "))" + (count.map { " over \($0) attempts" } ?? "")
      + (isCut ? "; intervals are under *Statistics of every cell*" : "") + ".*"
      + (content.request.over.isEmpty
        ? "" : " *They average over \(content.request.over.map(Markdown.code).joined(separator: ", ")) as well.*")
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
    let labels = content.request.rowLabels
    var table = TableModel(header: labels + columns.map(\.label), leadingColumns: labels.count)
    let rowCount = min(content.rows.count, columns.map(\.paper.count).max() ?? 0)
    for position in 0..<rowCount {
      table.rows.append(
        content.rows[position].names
          + columns.map { column in
            guard position < column.paper.count, let value = column.paper[position] else { return NumberFormat.missing }
            return column.text(of: value)
          })
    }
    for summary in content.request.summary where summary == .mean || summary == .std {
      table.rows.append(
        ["**\(title(of: summary))**"] + labels.dropFirst().map { _ in "" }
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
    let style = column.cell ?? .meanDeviationInterval
    guard style != .meanDeviationInterval, measurement.observations.count > 1, !values.isEmpty else {
      return text(of: measurement, digits: column.digits, showsCount: showsCount, showsInterval: showsInterval)
    }
    return style.text(of: measurement, column) + countText(measurement, showsCount: showsCount)
  }

  /// Returns the one number by which a cell stands among others, `nil` without values.
  static func statistic(of measurement: Measurement, _ column: TableRequest.Column) -> Double? {
    guard let summary = measurement.summary else { return nil }
    switch column.cell ?? .meanDeviationInterval {
    case .meanDeviationInterval, .mean, .meanDeviation, .interval: return summary.mean
    case .median: return summary.median
    case .min: return summary.minimum
    case .max: return summary.maximum
    case .best: return column.better == .less ? summary.minimum : summary.maximum
    }
  }

  /// How many values stand behind a cell: where that is not said for the whole table, or some are missing.
  private static func countText(_ measurement: Measurement, showsCount: Bool) -> String {
    let count = measurement.values.count
    guard measurement.isIncomplete else { return showsCount ? " (n = \(count))" : "" }
    return " (n = \(count) of \(measurement.expectedCount))" + survivorMark
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
    return text + countText(measurement, showsCount: showsCount)
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
