import ExperimentSpec
import Statistics

/// The paper's numbers, ours beside them, and whether the two agree: one line per published cell.
enum ComparisonTable {
  /// Fewest values whose range is printed as the interval of their median; it covers the median with 93.8 %.
  static let leastForMedian = 5

  /// Returns one line for each cell that the paper prints a number for.
  ///
  /// Where the rows repeat one another a column is one cell, its mean.
  static func published(_ content: TableContent, verdicts: [CellVerdict]) -> TableModel {
    let judged = Dictionary(verdicts.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    let lead = content.hasReplicateRows ? ["Quantity"] : [content.request.rowLabel, "Quantity"]
    var table = TableModel(
      header: lead + ["Paper", "Measured, mean ± sd", "95 % interval", "n", "Median", "Measured / paper"],
      leadingColumns: lead.count)
    if !verdicts.isEmpty {
      table.header.append("Verdict")
      table.alignments.append(.leading)
    }
    for line in lines(content) where line.paper.reference != nil {
      let numbers = Numbers(line.measurement, line.column)
      table.addresses[table.rows.count] = [lead.count + 1: line.address]
      table.rows.append(
        line.names + [line.paper.text, numbers.mean, numbers.interval, numbers.count]
          + [numbers.median, ratio(line.measurement, line.column, to: line.paper.reference)])
      guard !verdicts.isEmpty else { continue }
      let cell = judged[line.address]
      table.rows[table.rows.count - 1].append(
        cell.map { $0.verdict.text(unit: $0.unit) } ?? NumberFormat.missing)
    }
    return table
  }

  /// Returns the statistics of every cell with several attempts; none for a table that has one attempt a cell.
  static func statistics(_ content: TableContent) -> TableModel {
    let lead = content.hasReplicateRows ? ["Quantity"] : [content.request.rowLabel, "Quantity"]
    var table = TableModel(
      header: lead + ["Mean ± sd", "95 % interval", "n", "Median", "95 % interval of the median"],
      leadingColumns: lead.count)
    for line in lines(content) where line.column.missing == nil && line.measurement.expectedCount > 1 {
      let numbers = Numbers(line.measurement, line.column)
      table.addresses[table.rows.count] = [lead.count: line.address]
      table.rows.append(
        line.names + [numbers.mean, numbers.interval, numbers.count, numbers.median, numbers.medianInterval])
    }
    return table
  }

  /// Returns the paper's mean of a column: the printed one, or that of its rows if it prints all of them and no mean.
  static func reference(_ column: TableRequest.Column) -> Double? {
    if let printed = column.paperMean { return printed }
    let rows = column.paper.compactMap { $0 }
    return !rows.isEmpty && rows.count == column.paper.count ? Statistics.mean(of: rows) : nil
  }

  /// The interval of a median that a table prints: by order statistics, from five values on.
  static func medianInterval(of values: [Double]) -> ConfidenceInterval? {
    guard values.count >= leastForMedian else { return nil }
    // Five values cannot reach 95 %; their range is printed with what it does reach.
    let level = values.count == leastForMedian ? 1 - 2 / 32.0 : 0.95
    guard case .interval(let interval, _)? = try? Statistics.medianInterval(of: values, level: level) else {
      return nil
    }
    return interval
  }

  /// What a line is about.
  private struct Line {
    var names: [String]
    var address: String
    var column: TableRequest.Column
    var measurement: Measurement
    var paper: PaperValue
  }

  private static func lines(_ content: TableContent) -> [Line] {
    let columns = content.request.columns
    if content.hasReplicateRows {
      return columns.enumerated().map { position, column in
        Line(
          names: [column.label], address: content.address(row: nil, summary: .mean, column: position), column: column,
          measurement: content.pooled(position), paper: PaperValue(column))
      }
    }
    return content.cells.enumerated().flatMap { row, cells in
      zip(columns, cells).enumerated().map { position, pair in
        let value = row < pair.0.paper.count ? pair.0.paper[row] : nil
        return Line(
          names: [content.rows[row].name, pair.0.label],
          address: content.address(row: row, summary: nil, column: position), column: pair.0, measurement: pair.1,
          paper: PaperValue(value, pair.0))
      }
    }
  }

  /// The paper's value of a line: how it is printed and what a ratio divides by.
  private struct PaperValue {
    var text = NumberFormat.missing
    var reference: Double?

    /// The summary of a column.
    init(_ column: TableRequest.Column) {
      reference = ComparisonTable.reference(column)
      guard let reference else { return }
      text = NumberFormat.fixed(reference, column.digits)
      if let deviation = column.paperDeviation { text += " ± " + NumberFormat.fixed(deviation, column.digits) }
    }

    init(_ value: Double?, _ column: TableRequest.Column) {
      reference = value
      text = value.map { NumberFormat.fixed($0, column.digits) } ?? NumberFormat.missing
    }
  }

  /// The numbers of a line as text.
  private struct Numbers {
    var mean = NumberFormat.missing
    var interval = NumberFormat.missing
    var count: String
    var median = NumberFormat.missing
    var medianInterval = NumberFormat.missing

    init(_ measurement: Measurement, _ column: TableRequest.Column) {
      let values = measurement.values
      count = measurement.isIncomplete ? "\(values.count) of \(measurement.expectedCount)" : "\(values.count)"
      guard column.missing == nil else {
        (mean, count) = (PaperTable.notEvaluated, NumberFormat.missing)
        return
      }
      guard let summary = measurement.summary else { return }
      let decimals = NumberFormat.decimals(forSpread: summary.standardDeviation, atLeast: column.digits)
      mean = NumberFormat.fixed(summary.mean, decimals)
      if let deviation = summary.standardDeviation { mean += " ± " + NumberFormat.fixed(deviation, decimals) }
      if let range = measurement.meanInterval { interval = NumberFormat.range(range.lower, range.upper, decimals) }
      guard values.count > 1 else { return }
      median = NumberFormat.fixed(summary.median, decimals)
      guard let range = ComparisonTable.medianInterval(of: values) else { return }
      medianInterval = NumberFormat.range(range.lower, range.upper, decimals)
      if range.level < 0.95 { medianInterval += " (\(NumberFormat.trimmed(range.level * 100, 1)) %)" }
    }
  }

  /// Our mean divided by the paper's value.
  private static func ratio(
    _ measurement: Measurement, _ column: TableRequest.Column, to reference: Double?
  ) -> String {
    guard let reference, reference != 0, column.missing == nil, let summary = measurement.summary else {
      return NumberFormat.missing
    }
    return NumberFormat.significant(summary.mean / reference, 3)
  }
}
