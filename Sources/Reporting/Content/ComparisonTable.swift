import Statistics

/// Our own statistics beside the paper's numbers.
enum ComparisonTable {
  /// Fewest values for which a bootstrap interval is printed.
  static let leastForBootstrap = 5
  /// The random resampling of ratios; printed under the tables.
  static let bootstrap = Bootstrap(resamples: 10_000, seed: 1)

  /// Returns one line per column if the rows are replicates, else one line per cell.
  ///
  /// A cell of one attempt without a published value has nothing to add to the table itself, and no line.
  static func model(_ content: TableContent, verdicts: [CellVerdict] = []) -> TableModel {
    let columns = content.request.columns
    let judged = Dictionary(verdicts.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var statistics = ["n", "Median", "95 % interval", "Mean ± sd", "Paper", "Ratio to the paper"]
    if !verdicts.isEmpty { statistics.append("Verdict") }
    func verdict(_ address: String) -> [String] {
      guard !verdicts.isEmpty else { return [] }
      return [judged[address]?.verdict.text(unit: "") ?? NumberFormat.missing]
    }
    if content.hasReplicateRows {
      var table = TableModel(header: ["Quantity"] + statistics)
      if !verdicts.isEmpty { table.alignments[table.alignments.count - 1] = .leading }
      for (position, column) in columns.enumerated() {
        let paper = PaperValue(column)
        let address = content.address(row: nil, summary: .mean, column: position)
        table.addresses[table.rows.count] = [4: address]
        table.rows.append([column.label] + line(content.pooled(position), column, paper) + verdict(address))
      }
      return table
    }
    var table = TableModel(header: [content.request.rowLabel, "Quantity"] + statistics, leadingColumns: 2)
    if !verdicts.isEmpty { table.alignments[table.alignments.count - 1] = .leading }
    for (row, cells) in content.cells.enumerated() {
      for (position, (column, cell)) in zip(columns, cells).enumerated() {
        let value = row < column.paper.count ? column.paper[row] : nil
        guard value != nil || cell.expectedCount > 1 else { continue }
        let address = content.address(row: row, summary: nil, column: position)
        table.addresses[table.rows.count] = [5: address]
        table.rows.append(
          [content.rows[row].name, column.label] + line(cell, column, PaperValue(value, column)) + verdict(address))
      }
    }
    return table
  }

  /// Returns the paper's mean of a column: that of its rows if it prints all of them, for it has more digits.
  static func reference(_ column: TableRequest.Column) -> Double? {
    let rows = column.paper.compactMap { $0 }
    let isWhole = !rows.isEmpty && rows.count == column.paper.count
    return isWhole ? Statistics.mean(of: rows) : column.paperMean
  }

  /// The paper's value of a line: how it is printed and what a ratio divides by.
  private struct PaperValue {
    var text = NumberFormat.missing
    var reference: Double?

    /// The summary of a column; the mean of the printed rows has more digits than the printed mean.
    init(_ column: TableRequest.Column) {
      reference = ComparisonTable.reference(column)
      guard let printed = column.paperMean ?? reference else { return }
      text = NumberFormat.fixed(printed, column.digits)
      if let deviation = column.paperDeviation { text += " ± " + NumberFormat.fixed(deviation, column.digits) }
    }

    init(_ value: Double?, _ column: TableRequest.Column) {
      reference = value
      text = value.map { NumberFormat.fixed($0, column.digits) } ?? NumberFormat.missing
    }
  }

  private static func line(
    _ measurement: Measurement, _ column: TableRequest.Column, _ paper: PaperValue
  ) -> [String] {
    guard column.missing == nil else {
      return [PaperTable.notEvaluated] + Array(repeating: NumberFormat.missing, count: 3)
        + [paper.text, NumberFormat.missing]
    }
    let values = measurement.values
    let count = measurement.isIncomplete ? "\(values.count) of \(measurement.expectedCount)" : "\(values.count)"
    guard let summary = measurement.summary else {
      return [count] + Array(repeating: NumberFormat.missing, count: 3) + [paper.text, NumberFormat.missing]
    }
    let decimals = NumberFormat.decimals(forSpread: summary.standardDeviation, atLeast: column.digits)
    var interval = NumberFormat.missing
    if values.count >= leastForBootstrap, let range = MedianBootstrap.interval(of: values) {
      interval = NumberFormat.range(range.lower, range.upper, decimals)
    }
    var mean = NumberFormat.fixed(summary.mean, decimals)
    if let deviation = summary.standardDeviation { mean += " ± " + NumberFormat.fixed(deviation, decimals) }
    let median = NumberFormat.fixed(summary.median, decimals)
    return [count, median, interval, mean, paper.text, ratio(summary, measurement, to: paper.reference)]
  }

  /// Our mean divided by the paper's value, with the interval of our mean.
  private static func ratio(_ summary: Summary, _ measurement: Measurement, to reference: Double?) -> String {
    guard let reference, reference != 0 else { return NumberFormat.missing }
    let ratio = summary.mean / reference
    guard let interval = measurement.meanInterval?.scaled(by: 1 / reference) else {
      return NumberFormat.significant(ratio, 3)
    }
    let bounds = [interval.lower, interval.upper].map { NumberFormat.significant($0, 3) }
    return "\(NumberFormat.significant(ratio, 3)) [\(bounds[0]), \(bounds[1])]"
  }
}
