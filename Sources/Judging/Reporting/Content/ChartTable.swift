import ExperimentSpec
import Statistics

/// The numbers that a chart draws, as a table.
enum ChartTable {
  /// Returns one line per position on the axis.
  static func model(_ chart: ChartModel) -> TableModel {
    if chart.kind == .heat { return tiles(chart) }
    if chart.isCourse { return curves(chart) }
    if chart.kind == .histogram { return bins(chart) }
    let series = chart.panels.flatMap { panel in panel.series.map { (title: title(of: $0, in: panel), series: $0) } }
    var table = TableModel(header: [chart.kind == .scatter ? chart.axisName : chart.axisLabel])
    if chart.kind == .scatter {
      table.header.append(chart.axisLabel)
      table.alignments.append(.trailing)
    }
    for (title, series) in series {
      table.header.append(title)
      table.alignments.append(.trailing)
      guard !series.paper.isEmpty else { continue }
      table.header.append("Paper")
      table.alignments.append(.trailing)
    }
    for position in positions(chart) {
      var row = [Markdown.escaped(chart.name(of: position))]
      if chart.kind == .scatter {
        let across = series.first?.series.points.first { $0.x == position }?.across
        row.append(across.map { NumberFormat.significant($0.mean, 4) } ?? NumberFormat.missing)
      }
      for (_, series) in series {
        if series.points.contains(where: { $0.x == position && !$0.observations.isEmpty }) {
          table.addresses[table.rows.count, default: [:]][row.count] = address(chart, series, position)
        }
        row.append(series.points.first { $0.x == position }.map(text) ?? NumberFormat.missing)
        guard !series.paper.isEmpty else { continue }
        let value = series.paper.first { $0.x == position }
        row.append(value.map { NumberFormat.trimmed($0.y, 6) } ?? NumberFormat.missing)
      }
      table.rows.append(row)
    }
    return table
  }

  private static func title(of series: ChartModel.Series, in panel: ChartModel.Panel) -> String {
    if panel.label.isEmpty { return series.label }
    return panel.series.count == 1 ? panel.label : "\(panel.label): \(series.label)"
  }

  /// One line for each curve: a line for each step would be for a program, and `orchestrate export` writes that.
  private static func curves(_ chart: ChartModel) -> TableModel {
    var table = TableModel(header: ["Curve", "Attempts", "Steps", "First", "Last", "Least", "Greatest"])
    for panel in chart.panels {
      for series in panel.series {
        guard let curve = series.curve, let extremes = curve.extremes, let last = curve.values.last else { continue }
        func value(_ position: Int) -> String {
          "\(NumberFormat.significant(curve.values[position], 4)) (at \(NumberFormat.trimmed(curve.steps[position], 0)))"
        }
        table.addresses[table.rows.count] = [4: address(chart, series)]
        table.rows.append([
          Markdown.escaped(title(of: series, in: panel)), "\(curve.attempts.count)", "\(curve.steps.count)", value(0),
          NumberFormat.significant(last, 4), value(extremes.least), value(extremes.greatest),
        ])
      }
    }
    return table
  }

  /// One line for each bin.
  private static func bins(_ chart: ChartModel) -> TableModel {
    var table = TableModel(header: ["Panel", "From", "To", "Series", "Attempts"], leadingColumns: 1)
    table.alignments[3] = .leading
    for panel in chart.panels {
      guard let histogram = panel.histogram else { continue }
      for (series, counts) in zip(panel.series, histogram.counts) {
        for (bin, count) in counts.enumerated() {
          let ends = [histogram.edges[bin], histogram.edges[bin + 1]].map { NumberFormat.significant($0, 4) }
          table.rows.append([panel.label] + ends + [Markdown.escaped(series.label), "\(count)"])
        }
      }
    }
    return table
  }

  /// One line for each row of a heat map, panels below each other.
  private static func tiles(_ chart: ChartModel) -> TableModel {
    var table = TableModel(
      header: ["Panel", chart.axisLabel] + chart.axisNames.map(Markdown.escaped), leadingColumns: 2)
    for panel in chart.panels {
      for (row, name) in chart.rowNames.enumerated() {
        let points = panel.series.first?.points.filter { $0.row == row } ?? []
        table.rows.append([panel.label, Markdown.escaped(name)] + points.map(text))
      }
    }
    return table
  }

  /// Returns where every point comes from.
  static func traces(_ chart: ChartModel) -> [TraceEntry] {
    chart.panels.flatMap { panel in
      panel.series.flatMap { series in
        course(chart, panel, series)
          + series.points.filter { !$0.observations.isEmpty }.map { point in
            TraceEntry(
              address: address(chart, series, point.x) + rowSlug(chart, point.row),
              title: "\(chart.title): \(panel.label), \(series.label) at \(Markdown.escaped(chart.name(of: point.x)))",
              text: text(point),
              sources: [series.source], observations: point.observations)
          }
      }
    }
  }

  /// Where the end of a curve comes from.
  private static func course(
    _ chart: ChartModel, _ panel: ChartModel.Panel, _ series: ChartModel.Series
  ) -> [TraceEntry] {
    guard let curve = series.curve, let last = curve.values.last else { return [] }
    return [
      TraceEntry(
        address: address(chart, series), title: "\(chart.title): last value of \(title(of: series, in: panel))",
        text: NumberFormat.significant(last, 4), sources: [series.source], observations: curve.attempts)
    ]
  }

  private static func address(_ chart: ChartModel, _ series: ChartModel.Series) -> String {
    "\(chart.id):last:\(series.slug)"
  }

  private static func address(_ chart: ChartModel, _ series: ChartModel.Series, _ position: Double) -> String {
    "\(chart.id):\(CellAddress.slug(chart.name(of: position))):\(series.slug)"
  }

  private static func rowSlug(_ chart: ChartModel, _ row: Int) -> String {
    chart.rowNames.indices.contains(row) ? ":" + CellAddress.slug(chart.rowNames[row]) : ""
  }

  /// All positions at which anything is measured or printed by the paper.
  private static func positions(_ chart: ChartModel) -> [Double] {
    var positions: Set<Double> = []
    for series in chart.panels.flatMap(\.series) {
      positions.formUnion(series.points.map(\.x))
      positions.formUnion(series.paper.map(\.x))
    }
    return positions.sorted()
  }

  private static func text(_ point: ChartModel.Point) -> String {
    guard let mean = point.mean else { return point.note.map(Markdown.escaped) ?? NumberFormat.missing }
    var text: String
    if let bar = point.bar {
      let decimals = NumberFormat.decimals(forSpread: (bar.upper - bar.lower) / 2, atLeast: 2)
      text = NumberFormat.fixed(mean, decimals) + " " + NumberFormat.range(bar.lower, bar.upper, decimals)
    } else {
      text = NumberFormat.significant(mean, 4)
    }
    text += " (n = \(point.count))"
    return point.note == nil ? text : text + PaperTable.survivorMark
  }
}
