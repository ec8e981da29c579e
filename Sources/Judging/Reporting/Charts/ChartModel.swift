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
    /// The steps of each attempt's own values.
    case steps
  }

  /// What an error bar spans.
  struct Bar: Sendable {
    var lower: Double
    var upper: Double
  }

  /// The mean of some attempts.
  struct Mean: Sendable {
    var mean: Double
    var bar: Bar?
  }

  /// A measured point.
  struct Point: Sendable {
    /// Position on the axis: a number, or the index of a name.
    var x: Double
    /// The mean, or the median if bars are quartiles; `nil` if there is no value.
    var mean: Double?
    var bar: Bar?
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
    var slug = ""
    var source: MetricSource
    var colour: Int
    var points: [Point]
    var paper: [(x: Double, y: Double)]
    /// The stretches of a trend between changes, by position among the points with a mean.
    var levels: [(range: Range<Int>, level: Double)] = []
    /// The course over the steps of the attempts.
    var curve: Curve?
  }

  /// One set of axes.
  struct Panel: Sendable {
    var label: String
    var series: [Series]
    /// Which values of a scatter chart are better; `nil` draws no front.
    var lessIsBetter: Bool?
    var references: [ChartRequest.Reference]
    /// Panels of one group have the same axis of values, so that they can be compared.
    var group: Int
    /// The bins of a histogram.
    var histogram: Histogram?
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
  var acrossExtent: ChartRequest.Extent
  var valueExtent: ChartRequest.Extent
  var spread: ChartRequest.Spread
  /// Whether names stand at the left and values run across.
  var isHorizontal: Bool
  /// Whether lines join the names of an axis.
  var joinsNames: Bool
  /// Steps of a curve that each of its points averages.
  var smoothedSteps: Int
  var panels: [Panel] = []

  /// The axis values as names.
  var axisNames: [String] {
    switch axis {
    case .numeric: axisPositions.map { name(of: $0) }
    case .names(let names): names
    case .steps: []
    }
  }

  /// The axis values in the order drawn.
  var axisPositions: [Double] {
    switch axis {
    case .numeric(let values): Set(values).sorted()
    case .names(let names): names.indices.map(Double.init)
    case .steps: []
    }
  }

  /// Whether the chart has curves over steps.
  var isCourse: Bool {
    if case .steps = axis { return true }
    return false
  }

  /// Whether neighbours on the axis are joined by lines.
  var joinsPoints: Bool {
    switch axis {
    case .numeric, .steps: kind != .points
    case .names: kind == .trend || kind == .line && joinsNames
    }
  }

  /// Names of different series in order of first use.
  var seriesLabels: [String] {
    var labels: [String] = []
    var seen: Set<String> = []
    for series in panels.lazy.flatMap(\.series) where seen.insert(series.label).inserted { labels.append(series.label) }
    return labels
  }

  /// Returns how a position on the axis is called.
  func name(of x: Double) -> String {
    switch axis {
    case .numeric, .steps: NumberFormat.trimmed(x, 6)
    case .names(let names): names.indices.contains(Int(x)) ? names[Int(x)] : ""
    }
  }

  /// Values that are drawn nowhere: beyond the ends that the author set, or not above 0 on a logarithmic axis.
  var outsideCount: Int {
    func isOutside(_ value: Double, _ extent: ChartRequest.Extent) -> Bool {
      value < extent.from ?? -.infinity || value > extent.to ?? .infinity || extent.isLogarithmic && value <= 0
    }
    let standsOnNames = kind.standsOnNames
    return panels.lazy.flatMap(\.series).reduce(0) { sum, series in
      let points = series.points.count { point in
        guard let mean = point.mean, kind != .heat, kind != .ecdf, kind != .histogram else { return false }
        let x = kind == .scatter ? point.across?.mean ?? 0 : point.x
        return isOutside(mean, valueExtent) || !standsOnNames && isOutside(x, acrossExtent)
      }
      let steps = series.curve.map { curve in
        zip(curve.steps, curve.values).count { isOutside($1, valueExtent) || isOutside($0, acrossExtent) }
      }
      return sum + points + (steps ?? 0)
    }
  }
}

extension ChartModel.Point {
  init(_ measurement: Measurement, x: Double, spread: ChartRequest.Spread) {
    self.x = x
    observations = measurement.observations
    count = measurement.values.count
    shortfall = measurement.shortfall
    mean = spread == .quartiles ? measurement.summary?.median : measurement.mean
    bar = ChartModel.Bar(measurement, spread)
    if mean == nil {
      note = measurement.observations.first.map { NumberFormat.fixed($0.value, 0) } ?? measurement.gaps.first?.text
    } else if measurement.isIncomplete {
      note = "\(spread == .quartiles ? "median" : "mean") of \(count) of \(measurement.expectedCount)"
    }
  }
}

extension ChartModel.Bar {
  /// What the values of several attempts span; `nil` for fewer than two, or if nothing is to be shown.
  init?(_ measurement: Measurement, _ spread: ChartRequest.Spread) {
    switch spread {
    case .none: return nil
    case .interval:
      guard let interval = measurement.meanInterval else { return nil }
      self.init(lower: interval.lower, upper: interval.upper)
    case .deviation, .quartiles:
      guard let summary = measurement.summary, let deviation = summary.standardDeviation else { return nil }
      if spread == .deviation {
        self.init(lower: summary.mean - deviation, upper: summary.mean + deviation)
      } else {
        self.init(lower: summary.quantile(0.25), upper: summary.quantile(0.75))
      }
    }
  }
}

extension ChartRequest.Kind {
  /// Whether means with error bars are drawn.
  var showsMeans: Bool {
    switch self {
    case .line, .points, .bar, .scatter, .trend: true
    case .stacked, .strip, .box, .ecdf, .histogram, .heat: false
    }
  }

  /// Whether its axis is a list of names in any case.
  var standsOnNames: Bool {
    switch self {
    case .bar, .stacked, .strip, .box, .heat: true
    case .line, .points, .scatter, .trend, .ecdf, .histogram: false
    }
  }
}

extension ChartRequest.Spread {
  /// How a legend calls it.
  var label: String {
    switch self {
    case .interval: "95 % interval of the mean"
    case .deviation: "± one standard deviation"
    case .quartiles: "first to third quartile"
    case .none: ""
    }
  }

  /// How a description calls it.
  var shortLabel: String {
    switch self {
    case .interval: "95 % interval"
    case .deviation: "one standard deviation,"
    case .quartiles: "quartiles"
    case .none: ""
    }
  }
}
