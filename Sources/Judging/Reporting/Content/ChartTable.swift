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
    let slugs = positionSlugs(chart)
    let points = series.map { Dictionary($0.series.points.map { ($0.x, $0) }, uniquingKeysWith: { first, _ in first }) }
    let papers = series.map { entry in
      Dictionary(entry.series.paper.map { ($0.x, $0.y) }, uniquingKeysWith: { first, _ in first })
    }
    for position in positions(chart) {
      var row = [Markdown.escaped(chart.name(of: position))]
      if chart.kind == .scatter {
        let across = points.first?[position]?.across
        row.append(across.map { NumberFormat.significant($0.mean, 4) } ?? NumberFormat.missing)
      }
      for (number, (_, series)) in series.enumerated() {
        let point = points[number][position]
        if point?.observations.isEmpty == false {
          table.addresses[table.rows.count, default: [:]][row.count] = address(chart, series, slugs[position])
        }
        row.append(point.map(text) ?? NumberFormat.missing)
        guard !series.paper.isEmpty else { continue }
        row.append(papers[number][position].map { NumberFormat.trimmed($0, 6) } ?? NumberFormat.missing)
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
      let points = Dictionary(grouping: panel.series.first?.points ?? [], by: \.row)
      for (row, name) in chart.rowNames.enumerated() {
        table.rows.append([panel.label, Markdown.escaped(name)] + (points[row] ?? []).map(text))
      }
    }
    return table
  }

  /// Returns where every point comes from.
  static func traces(_ chart: ChartModel) -> [TraceEntry] {
    let slugs = positionSlugs(chart)
    let rows = CellAddress.distinctSlugs(chart.rowNames).map { ":" + $0 }
    return chart.panels.flatMap { panel in
      panel.series.flatMap { series in
        course(chart, panel, series)
          + series.points.filter { !$0.observations.isEmpty }.map { point in
            TraceEntry(
              address: address(chart, series, slugs[point.x])
                + (rows.indices.contains(point.row) ? rows[point.row] : ""),
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

  private static func address(_ chart: ChartModel, _ series: ChartModel.Series, _ position: String?) -> String {
    "\(chart.id):\(position ?? ""):\(series.slug)"
  }

  /// The positions as they occur in addresses, each different from all others.
  private static func positionSlugs(_ chart: ChartModel) -> [Double: String] {
    let slugs = CellAddress.distinctSlugs(chart.axisNames)
    return Dictionary(zip(chart.axisPositions, slugs), uniquingKeysWith: { first, _ in first })
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
