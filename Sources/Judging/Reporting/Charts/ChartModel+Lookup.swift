import ExperimentSpec
import JSON
import ResultsStore
import Statistics

extension ChartModel {
  /// Looks a chart's points up.
  init(_ request: ChartRequest, index: ResultsIndex) {
    let trials = index.trials(request.filter)
    let values = index.values(of: request.axis, in: trials)
    let numbers = values.compactMap(\.doubleValue)
    let isNumeric = numbers.count == values.count
    let isCourse = values.isEmpty && request.kind == .line && ChartRequest.stepNames.contains(request.axis)
    id = request.id
    kind = request.kind
    title = request.title
    axisName = request.axis
    axisLabel = request.axisLabel
    rowLabel = request.rowLabel
    lessIsBetterAcross = request.betterAcross.map { $0 == .less }
    acrossExtent = request.acrossExtent
    valueExtent = request.valueExtent
    spread = request.spread
    isHorizontal = request.isHorizontal
    joinsNames = request.joinsNames
    smoothedSteps = request.smoothedSteps
    axis = isCourse ? .steps : isNumeric ? .numeric(numbers) : .names(values.map(\.displayText))
    let rows = request.rowAxis.map { index.values(of: $0, in: trials) } ?? []
    rowNames = rows.map(\.displayText)
    let lookup = Lookup(
      index: index, request: request, groups: index.groups(trials, by: request.axis, values: values),
      numbers: isNumeric ? numbers : nil, rows: rows, isCourse: isCourse)
    let multiples = request.multiplesAxis.map { axis in index.values(of: axis, in: trials).map { (axis, $0) } }
    var colours: [String: Int] = [:]
    var names: [(metric: String, label: String)] = []
    for (number, panel) in request.panels.enumerated() {
      for multiple in multiples.map({ $0.map(Optional.some) }) ?? [nil] {
        var drawn: [Series] = []
        for series in panel.series {
          for part in lookup.parts(of: series, panel, multiple, trials) {
            var one = lookup.series(part)
            one.colour = colours[one.label, default: colours.count]
            colours[one.label] = one.colour
            names.append((one.source.metric, multiple.map { "\(one.label) \($0.1.displayText)" } ?? one.label))
            drawn.append(one)
          }
        }
        panels.append(
          Panel(
            label: ChartModel.label(panel, request, multiple), series: drawn,
            lessIsBetter: panel.better.map { $0 == .less }, references: panel.references, group: number))
      }
    }
    nameSeries(names)
    if kind == .histogram { addBins(request) }
  }

  private static func label(
    _ panel: ChartRequest.Panel, _ request: ChartRequest, _ multiple: (axis: String, value: JSONValue)?
  ) -> String {
    let name = panel.label.isEmpty ? request.valueLabel : panel.label
    let hasUnit = panel.unit.isEmpty || name.contains("(\(panel.unit))")
    let label = hasUnit ? name : "\(name) (\(panel.unit))"
    guard let multiple else { return label }
    let part = "\(multiple.axis) = \(multiple.value.displayText)"
    return label.isEmpty ? part : "\(label), \(part)"
  }

  /// Series are called by their metric, or by their label if several show the same one.
  private mutating func nameSeries(_ names: [(metric: String, label: String)]) {
    var counts: [String: Int] = [:]
    for name in names { counts[name.metric, default: 0] += 1 }
    var slugs = CellAddress.distinctSlugs(names.map { counts[$0.metric] == 1 ? $0.metric : $0.label })[...]
    for panel in panels.indices {
      for series in panels[panel].series.indices { panels[panel].series[series].slug = slugs.popFirst() ?? "" }
    }
  }

  private mutating func addBins(_ request: ChartRequest) {
    for group in Set(panels.map(\.group)) {
      let members = panels.indices.filter { panels[$0].group == group }
      let values = members.flatMap { panels[$0].series.flatMap(\.values) }
      let edges = Histogram.edges(of: values, count: request.binCount, request.acrossExtent)
      for member in members {
        panels[member].histogram = Histogram(edges: edges, series: panels[member].series.map(\.values))
      }
    }
  }
}

extension ChartModel.Series {
  /// The finite values of all attempts.
  var values: [Double] { points.flatMap { $0.observations.map(\.value) }.filter(\.isFinite) }
}

/// Finds the points of each series.
private struct Lookup {
  /// One series of a panel, and which trials it shows.
  struct Part {
    var label: String
    var request: ChartRequest.Series
    /// `nil` shows all trials of the chart.
    var accepts: (@Sendable (TrialResults) -> Bool)?
  }

  let index: ResultsIndex
  let request: ChartRequest
  /// The trials of each value of the axis.
  let groups: [[TrialResults]]
  /// The axis values if all are numbers.
  let numbers: [Double]?
  let rows: [JSONValue]
  let isCourse: Bool

  /// Returns the series that a request stands for: itself, or one for each value of its axis.
  func parts(
    of series: ChartRequest.Series, _ panel: ChartRequest.Panel, _ multiple: (axis: String, value: JSONValue)?,
    _ trials: [TrialResults]
  ) -> [Part] {
    let filters = [panel.filter, series.filter].filter { !$0.conditions.isEmpty }
    let chosen = multiple.map { ($0.axis, $0.value.comparable) }
    let accepts: (@Sendable (TrialResults) -> Bool)? =
      chosen == nil && filters.isEmpty
      ? nil
      : { @Sendable trial in
        filters.allSatisfy { $0.matches(trial) }
          && (chosen.map { trial.value(of: $0.0)?.comparable == $0.1 } ?? true)
      }
    guard let axis = series.splitAxis else { return [Part(label: series.label, request: series, accepts: accepts)] }
    let shown = accepts.map { accepts in trials.filter { accepts($0) } } ?? trials
    return index.values(of: axis, in: shown).map { value in
      let (text, key, base) = (value.displayText, value.comparable, accepts)
      return Part(label: series.label.isEmpty ? text : "\(series.label), \(text)", request: series) { trial in
        (base?(trial) ?? true) && trial.value(of: axis)?.comparable == key
      }
    }
  }

  func series(_ part: Part) -> ChartModel.Series {
    var series = ChartModel.Series(
      label: part.label, source: part.request.source, colour: 0, points: [],
      paper: numbers == nil ? [] : part.request.paper.sorted { $0.x < $1.x })
    if isCourse {
      let trials = index.trials(request.filter).filter { part.accepts?($0) ?? true }
      series.curve = Curve(
        index.courses(part.request.source, for: trials), spread: request.spread, smoothedSteps: request.smoothedSteps)
      return series
    }
    for (place, group) in groups.enumerated() {
      var trials = group
      if let accepts = part.accepts {
        trials = group.filter(accepts)
        if trials.isEmpty { continue }
      }
      let x = numbers?[place] ?? Double(place)
      let parts = request.rowAxis.map { index.groups(trials, by: $0, values: rows) } ?? [trials]
      for (row, part) in parts.enumerated() { series.points.append(point(series.source, part, x: x, row: row)) }
    }
    if numbers != nil { series.points.sort { ($0.x, $0.row) < ($1.x, $1.row) } }
    if request.kind == .trend { series.levels = Self.levels(series.points.compactMap(\.mean)) }
    return series
  }

  private func point(_ source: MetricSource, _ trials: [TrialResults], x: Double, row: Int) -> ChartModel.Point {
    var point = ChartModel.Point(index.measurement(source, for: trials), x: x, spread: request.spread)
    point.row = row
    if let across = request.across {
      let measurement = index.measurement(across, for: trials)
      let mean = request.spread == .quartiles ? measurement.summary?.median : measurement.mean
      point.across = mean.map { ChartModel.Mean(mean: $0, bar: ChartModel.Bar(measurement, request.spread)) }
    }
    return point
  }

  /// The stretches between changes with their medians; none for a course that is cut to pieces, which has no levels.
  private static func levels(_ values: [Double]) -> [(range: Range<Int>, level: Double)] {
    guard let found = try? ChangePoints(in: values), found.levels.count <= max(2, values.count / 5) else { return [] }
    let bounds = [0] + found.changes.map(\.index) + [values.count]
    return zip(zip(bounds, bounds.dropFirst()), found.levels).map { ($0.0..<$0.1, $1) }
  }
}
