/// A chart of panels side by side.
package struct ChartRequest: Sendable {
  /// How values are drawn.
  package enum Kind: String, Sendable, CaseIterable {
    case line, points, bar, stacked, strip, box, histogram, scatter, ecdf, trend, heat

    /// What it draws, as a part of a sentence in Markdown.
    package var meaning: String {
      switch self {
      case .line: "means with error bars, joined along numbers (default); over `step`, curves with a band"
      case .points: "means with error bars, not joined"
      case .bar: "means as columns from zero"
      case .stacked: "means of the series as columns on top of each other"
      case .strip: "the attempts' values and their medians"
      case .box: "quartiles of the attempts' values"
      case .histogram: "how many attempts have a value in each bin"
      case .scatter:
        """
        one point for each value of the axis: the metric of `x` (`stage`, `metric`, `scale`, `statistic`) across, the \
        series' upwards. `better` in `x` and in the panel draws the Pareto front
        """
      case .ecdf: "the share of attempts at or below each value"
      case .trend: "a course with its changes of level"
      case .heat: "means over the axes of `x` and `y`"
      }
    }

    /// Whether its error bars can be chosen.
    package var hasSpread: Bool { [.line, .points, .bar, .scatter, .trend].contains(self) }

    /// Whether it can be laid on its side.
    package var canLie: Bool { [.bar, .stacked, .points, .strip, .box].contains(self) }
  }

  /// What error bars and bands show.
  package enum Spread: String, Sendable, CaseIterable {
    case interval
    case deviation = "sd"
    case quartiles, none
  }

  /// What an axis spans, where the author says so.
  package struct Extent: Sendable, Equatable {
    /// The least value.
    package var from: Double?
    /// The greatest value.
    package var to: Double?
    /// Whether equal distances are equal ratios.
    package var isLogarithmic = false

    /// Leaves all to the values.
    package init() {}
  }

  /// A line at a fixed value.
  package struct Reference: Sendable {
    /// Where it stands.
    package var value: Double
    /// Whether it stands at a horizontal position, upright.
    package var isUpright: Bool
    /// What stands beside it; may be empty.
    package var label: String
  }

  /// One set of axes.
  package struct Panel: Sendable {
    /// Title of the vertical axis; may be empty.
    package var label: String
    /// Unit of the vertical axis; may be empty.
    package var unit: String
    /// Which vertical values of a scatter chart are better.
    package var better: Preference?
    /// Which trials are shown.
    package var filter = AssignmentPattern.everything
    /// Lines at fixed values.
    package var references: [Reference] = []
    /// At least one.
    package var series: [Series]
  }

  /// One line.
  package struct Series: Sendable {
    /// Text shown for it.
    package var label: String
    /// What it shows.
    package var source: MetricSource
    /// Which trials are shown.
    package var filter = AssignmentPattern.everything
    /// The axis that makes several series of it.
    package var splitAxis: String?
    /// The paper's points.
    package var paper: [(x: Double, y: Double)]
  }

  /// Id, title and caption.
  package var head: ReportHead
  /// How values are drawn.
  package var kind: Kind
  /// What the values are drawn over, or what the points of a scatter chart are.
  package var axis: String
  /// Title of the horizontal axis.
  package var axisLabel: String
  /// The second axis of a heat map.
  package var rowAxis: String?
  /// Title of the second axis.
  package var rowLabel = ""
  /// The horizontal quantity of a scatter chart.
  package var across: MetricSource?
  /// Which horizontal values of a scatter chart are better.
  package var betterAcross: Preference?
  /// What the horizontal axis spans.
  package var acrossExtent = Extent()
  /// What the axis of the values spans.
  package var valueExtent = Extent()
  /// Title of the axis of the values, for all panels; empty if each has its own.
  package var valueLabel = ""
  /// What error bars and bands show.
  package var spread = Spread.interval
  /// Whether a line joins names.
  package var joinsNames = false
  /// Whether names stand at the left.
  package var isHorizontal = false
  /// Bins of a histogram, if the author says how many.
  package var binCount: Int?
  /// Steps of a curve that are averaged around each step.
  package var smoothedSteps = 1
  /// The axis for each value of which the panels are repeated.
  package var multiplesAxis: String?
  /// Which trials are shown.
  package var filter = AssignmentPattern.everything
  /// The axes that points average over besides the replicate axes, as the author says.
  package var over: [String] = []
  /// At least one.
  package var panels: [Panel] = []

  /// Names of an axis that mean the steps of each attempt's own values, unless the experiment has an axis of that name.
  package static let stepNames = ["step", "repetition"]

  /// The same as in `head`.
  package var id: String { head.id }
  /// The same as in `head`.
  package var title: String { head.title }
  /// The same as in `head`.
  package var caption: String { head.caption }
}
