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

  /// A measured point.
  struct Point: Sendable {
    /// Position on the axis: a number, or the index of a name.
    var x: Double
    /// `nil` if there is no value.
    var mean: Double?
    var interval: ConfidenceInterval?
    var count: Int
    /// Why there is no value, or how many are left out.
    var note: String?
  }

  /// A line of measured points with the paper's points.
  struct Series: Sendable {
    var label: String
    var colour: Int
    var points: [Point]
    var paper: [(x: Double, y: Double)]
  }

  /// One set of axes.
  struct Panel: Sendable {
    var label: String
    var series: [Series]
  }

  var title: String
  var axisLabel: String
  var axis: Axis
  var panels: [Panel]

  /// Looks a chart's points up.
  init(_ request: ChartRequest, index: ResultsIndex) {
    title = request.title
    axisLabel = request.axisLabel
    let trials = index.trials(request.filter)
    let values = index.values(of: request.axis, in: trials)
    let numbers = values.compactMap(\.doubleValue)
    let isNumeric = numbers.count == values.count
    axis = isNumeric ? .numeric(numbers) : .names(values.map(\.displayText))
    var colours: [String] = []
    panels = request.panels.map { panel in
      let series = panel.series.map { series in
        if !colours.contains(series.label) { colours.append(series.label) }
        let points = values.enumerated().map { position, value in
          let matching = trials.filter { $0.value(of: request.axis)?.denotesSame(as: value) == true }
          let measurement = index.measurement(series.source, for: matching)
          return Point(measurement, x: isNumeric ? numbers[position] : Double(position))
        }
        let paper = isNumeric ? series.paper.sorted { $0.x < $1.x } : []
        return Series(
          label: series.label, colour: colours.firstIndex(of: series.label) ?? 0,
          points: isNumeric ? points.sorted { $0.x < $1.x } : points, paper: paper)
      }
      let hasUnit = panel.unit.isEmpty || panel.label.contains("(\(panel.unit))")
      return Panel(label: hasUnit ? panel.label : "\(panel.label) (\(panel.unit))", series: series)
    }
  }

  /// Names of different series in order of first use.
  var seriesLabels: [String] {
    var labels: [String] = []
    for series in panels.flatMap(\.series) where !labels.contains(series.label) { labels.append(series.label) }
    return labels
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
            return "at \(name(of: point.x)): \(value)\(range ?? "")"
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
    count = measurement.values.count
    mean = measurement.summary?.mean
    interval = measurement.meanInterval
    if mean == nil {
      note = measurement.observations.first.map { NumberFormat.fixed($0.value, 0) } ?? measurement.gaps.first?.text
    } else if measurement.isIncomplete {
      note = "mean of \(count) of \(measurement.expectedCount)"
    }
  }
}
