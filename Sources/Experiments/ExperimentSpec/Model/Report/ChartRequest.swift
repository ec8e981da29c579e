/// A chart of panels side by side.
package struct ChartRequest: Sendable {
  /// How values are drawn.
  package enum Kind: String, Sendable, CaseIterable {
    case line, bar, strip, box, scatter, ecdf, trend, heat

    /// What it draws, as a part of a sentence in Markdown.
    package var meaning: String {
      switch self {
      case .line: "means with 95 % intervals, joined (default)"
      case .bar: "means as columns from zero"
      case .strip: "the attempts' values and their medians"
      case .box: "quartiles of the attempts' values"
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
  }

  /// One set of axes.
  package struct Panel: Sendable {
    /// Title of the vertical axis; may be empty.
    package var label: String
    /// Unit of the vertical axis; may be empty.
    package var unit: String
    /// Which vertical values of a scatter chart are better.
    package var better: Preference?
    /// At least one.
    package var series: [Series]
  }

  /// One line.
  package struct Series: Sendable {
    /// Text shown for it.
    package var label: String
    /// What it shows.
    package var source: MetricSource
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
  /// Which trials are shown.
  package var filter = AssignmentPattern.everything
  /// The axes that points average over besides the replicate axes, as the author says.
  package var over: [String] = []
  /// At least one.
  package var panels: [Panel] = []

  /// The same as in `head`.
  package var id: String { head.id }
  /// The same as in `head`.
  package var title: String { head.title }
  /// The same as in `head`.
  package var caption: String { head.caption }
}
