import ExperimentSpec
import JSON
import Statistics

/// A chart as numbers, before it is drawn.
struct ChartModel: Sendable {
  /// The values below the panels.
  enum Axis: Sendable {
    /// Numbers, drawn to scale.
    case numeric([Double])
    /// Names, drawn at equal distances.
    case names([String])
  }

  /// The mean of some attempts.
  struct Mean: Sendable {
    var mean: Double
    var interval: ConfidenceInterval?
  }

  /// A measured point.
  struct Point: Sendable {
    /// Position on the axis: a number, or the index of a name.
    var x: Double
    /// `nil` if there is no value.
    var mean: Double?
    var interval: ConfidenceInterval?
    /// One value for each attempt, in plan order.
    var observations: [Measurement.Observation]
    var count: Int
    /// What the mean leaves out.
    var shortfall: Shortfall
    /// Why there is no value, or how many are left out.
    var note: String?
    /// The horizontal quantity of a scatter chart.
    var across: Mean?
    /// The row of a heat map.
    var row = 0
  }

  /// A line of measured points with the paper's points.
  struct Series: Sendable {
    var label: String
    /// The series as it occurs in addresses, different from all others of the chart.
    var slug: String
    var source: MetricSource
    var colour: Int
    var points: [Point]
    var paper: [(x: Double, y: Double)]
    /// The stretches of a trend between changes, by position among the points with a mean.
    var levels: [(range: Range<Int>, level: Double)] = []
  }

  /// One set of axes.
  struct Panel: Sendable {
    var label: String
    var series: [Series]
    /// Which values of a scatter chart are better; `nil` draws no front.
    var lessIsBetter: Bool?
  }

  var id: String
  var title: String
  /// The axis in the spec, and what the chart calls it.
  var axisName: String
  var axisLabel: String
  var kind: ChartRequest.Kind
  var axis: Axis
  /// The values of a heat map's second axis, from the top.
  var rowNames: [String] = []
  /// What the chart calls the second axis.
  var rowLabel: String
  /// Which horizontal values of a scatter chart are better; `nil` draws no front.
  var lessIsBetterAcross: Bool?
  var panels: [Panel] = []

  /// Looks a chart's points up.
  init(_ request: ChartRequest, index: ResultsIndex) {
    id = request.id
    kind = request.kind
    title = request.title
    axisName = request.axis
    rowLabel = request.rowLabel
    axisLabel = request.axisLabel
    lessIsBetterAcross = request.betterAcross.map { $0 == .less }
    let trials = index.trials(request.filter)
    let values = index.values(of: request.axis, in: trials)
    let numbers = values.compactMap(\.doubleValue)
    let isNumeric = numbers.count == values.count
    axis = isNumeric ? .numeric(numbers) : .names(values.map(\.displayText))
    let groups = index.groups(trials, by: request.axis, values: values)
    let rows = request.rowAxis.map { index.values(of: $0, in: trials) } ?? []
    rowNames = rows.map(\.displayText)
    let slugs = ChartModel.slugs(of: request)
    var colours: [String: Int] = [:]
    for (number, panel) in request.panels.enumerated() {
      var drawn: [Series] = []
      for (position, series) in panel.series.enumerated() {
        let colour = colours[series.label] ?? colours.count
        colours[series.label] = colour
        var points: [Point] = []
        for (place, group) in groups.enumerated() {
          let x = isNumeric ? numbers[place] : Double(place)
          let parts = request.rowAxis.map { index.groups(group, by: $0, values: rows) } ?? [group]
          for (row, part) in parts.enumerated() {
            var point = Point(index.measurement(series.source, for: part), x: x)
            point.row = row
            if let source = request.across {
              let measurement = index.measurement(source, for: part)
              point.across = measurement.mean.map { Mean(mean: $0, interval: measurement.meanInterval) }
            }
            points.append(point)
          }
        }
        var finished = Series(
          label: series.label, slug: slugs[number][position], source: series.source, colour: colour,
          points: isNumeric ? points.sorted { ($0.x, $0.row) < ($1.x, $1.row) } : points,
          paper: isNumeric ? series.paper.sorted { $0.x < $1.x } : [])
        if kind == .trend { finished.levels = ChartModel.levels(finished.points.compactMap(\.mean)) }
        drawn.append(finished)
      }
      let hasUnit = panel.unit.isEmpty || panel.label.contains("(\(panel.unit))")
      panels.append(
        Panel(
          label: hasUnit ? panel.label : "\(panel.label) (\(panel.unit))", series: drawn,
          lessIsBetter: panel.better.map { $0 == .less }))
    }
  }

  /// The stretches between changes with their medians; none for a course that is cut to pieces, which has no levels.
  private static func levels(_ values: [Double]) -> [(range: Range<Int>, level: Double)] {
    guard let found = try? ChangePoints(in: values), found.levels.count <= max(2, values.count / 5) else { return [] }
    let bounds = [0] + found.changes.map(\.index) + [values.count]
    return zip(zip(bounds, bounds.dropFirst()), found.levels).map { ($0.0..<$0.1, $1) }
  }

  /// Series are called by their metric, or by their label if several show the same one.
  private static func slugs(of request: ChartRequest) -> [[String]] {
    let all = request.panels.flatMap(\.series)
    let uses = Dictionary(all.map { ($0.source.metric, 1) }, uniquingKeysWith: +)
    var names = CellAddress.distinctSlugs(
      all.map { series in uses[series.source.metric] == 1 ? series.source.metric : series.label })[...]
    return request.panels.map { panel in panel.series.map { _ in names.popFirst() ?? "" } }
  }

  /// The axis values as names.
  var axisNames: [String] {
    switch axis {
    case .numeric: axisPositions.map { name(of: $0) }
    case .names(let names): names
    }
  }

  /// The axis values in the order drawn.
  var axisPositions: [Double] {
    switch axis {
    case .numeric(let values): Set(values).sorted()
    case .names(let names): names.indices.map(Double.init)
    }
  }

  /// Names of different series in order of first use.
  var seriesLabels: [String] {
    var seen: Set<String> = []
    return panels.flatMap(\.series).map(\.label).filter { seen.insert($0).inserted }
  }

  /// All panels and points in words.
  var summaryText: String {
    panels.map { panel in
      panel.label + " over " + axisLabel + ". "
        + panel.series.map { series in
          let points = series.points.map { point in
            let value = point.mean.map { NumberFormat.significant($0, 4) } ?? (point.note ?? "no value")
            let range = point.interval.map {
              " (95 % interval \(NumberFormat.significant($0.lower, 4)) to \(NumberFormat.significant($0.upper, 4)))"
            }
            let row = rowNames.indices.contains(point.row) ? ", \(rowNames[point.row])" : ""
            let across = point.across.map { " over \(NumberFormat.significant($0.mean, 4))" } ?? ""
            return "at \(name(of: point.x))\(row): \(value)\(range ?? "")\(across)"
          }
          let paper = series.paper.map { "at \(name(of: $0.x)): \(NumberFormat.significant($0.y, 4))" }
          let paperText = paper.isEmpty ? "" : " In the paper " + paper.joined(separator: ", ") + "."
          return "\(series.label): \(points.joined(separator: ", ")).\(paperText)"
        }.joined(separator: " ")
    }.joined(separator: " ")
  }

  /// Returns how a position on the axis is called.
  func name(of x: Double) -> String {
    switch axis {
    case .numeric: NumberFormat.trimmed(x, 6)
    case .names(let names): names.indices.contains(Int(x)) ? names[Int(x)] : ""
    }
  }
}

extension ChartModel.Point {
  init(_ measurement: Measurement, x: Double) {
    self.x = x
    observations = measurement.observations
    count = measurement.values.count
    shortfall = measurement.shortfall
    mean = measurement.mean
    interval = measurement.meanInterval
    if mean == nil {
      note = measurement.observations.first.map { NumberFormat.fixed($0.value, 0) } ?? measurement.gaps.first?.text
    } else if measurement.isIncomplete {
      note = "mean of \(count) of \(measurement.expectedCount)"
    }
  }
}

extension ChartRequest.Kind {
  /// Whether means with intervals are drawn.
  var showsMeans: Bool {
    switch self {
    case .line, .bar, .scatter, .trend: true
    case .strip, .box, .ecdf, .heat: false
    }
  }
}
