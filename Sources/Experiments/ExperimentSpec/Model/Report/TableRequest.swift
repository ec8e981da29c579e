/// A table shaped like one of the paper's.
package struct TableRequest: Sendable {
  /// A line under the rows.
  package enum SummaryRow: String, Sendable, CaseIterable { case mean, std, median, min, max }

  /// How rows are called.
  package enum RowNames: String, Sendable, CaseIterable {
    /// 1, 2, 3, …
    case index
    /// By their axis value.
    case value
  }

  /// What a cell says of the values of its attempts.
  package enum CellStyle: String, Sendable, CaseIterable {
    case meanDeviationInterval = "mean-sd-interval"
    case mean
    case meanDeviation = "mean-sd"
    case interval, median, min, max, best

    /// What it prints, as a part of a sentence in Markdown.
    package var meaning: String {
      switch self {
      case .meanDeviationInterval: "mean ± standard deviation [95 % interval of the mean] (default)"
      case .mean: "the mean alone"
      case .meanDeviation: "mean ± standard deviation"
      case .interval: "mean [95 % interval of the mean]"
      case .median: "median [lower and upper quartile]"
      case .min: "the least value"
      case .max: "the greatest value"
      case .best: "the least or greatest value, as `better` of the metric says"
      }
    }
  }

  /// Among which cells the best one is sought.
  package enum BestScope: String, Sendable, CaseIterable { case column, row, table, none }

  /// One quantity, or one for each value of some axes.
  package struct Column: Sendable {
    /// How a value is printed.
    package enum Format: String, Sendable, CaseIterable {
      case number
      /// 1 and 0 as words.
      case yesNo = "yes-no"
    }

    /// Name in the addresses of cells; `nil` for one made of the metric or the label.
    package var id: String?
    /// The column's head.
    package var label: String
    /// The axes and zip members that give a column for each of their values; empty for a single column.
    package var by: [String] = []
    /// Which of the table's trials are shown.
    package var filter = AssignmentPattern.everything
    /// What it shows; stage and metric may be empty if `missing` says why.
    package var source: MetricSource
    /// What a cell prints; `nil` for what the table says.
    package var cell: CellStyle?
    /// Which values are better.
    package var better: MetricDescription.Better?
    /// Unit that the mean and standard deviation rows carry; empty if dimensionless.
    package var unit = ""
    /// Decimals, as the paper prints them.
    package var digits = 4
    /// How a value is printed.
    package var format = Format.number
    /// The paper's values, aligned with the rows.
    package var paper: [Double?] = []
    /// The mean that the paper prints.
    package var paperMean: Double?
    /// The standard deviation that the paper prints.
    package var paperDeviation: Double?
    /// Where the paper prints the values, if not where it prints the table.
    package var place = ""
    /// Greatest difference from the paper's value that counts as equal; `nil` gives no verdicts.
    package var margin: Double?
    /// How a verdict counts values that are not there or not finite.
    package var incomplete = IncompleteUnits.undecided
    /// What the paper's rounding may hide; `nil` for half the last printed step.
    package var precision: Double?
    /// Why the quantity cannot be measured here, and how it could be.
    package var missing: String?

    /// What the paper's rounding may hide.
    package var roundingError: Double {
      precision ?? 0.5 * (0..<digits).reduce(1) { power, _ in power / 10 }
    }

    /// Whether the paper gives any number for this column.
    package var hasPaper: Bool { paperMean != nil || paper.contains { $0 != nil } }
  }

  /// Id, title and caption.
  package var head: ReportHead
  /// Where the paper prints the table.
  package var place = ""
  /// The axes and zip members whose values are the rows, the first one outermost; without one the table has a single row.
  package var rowAxes: [String] = []
  /// Headings of the columns that name the rows, one for each axis, at least one.
  package var rowLabels: [String] = [""]
  /// How rows are called.
  package var rowNames = RowNames.value
  /// Which trials are shown.
  package var filter = AssignmentPattern.everything
  /// The axes that cells average over besides the replicate axes, as the author says.
  package var over: [String] = []
  /// What a cell says of the values of its attempts.
  package var cell = CellStyle.meanDeviationInterval
  /// Among which cells the best one of a metric is set in bold.
  package var best = BestScope.column
  /// At least one.
  package var columns: [Column] = []
  /// Lines below the rows, in their order.
  package var summary: [SummaryRow] = []

  /// What sentences call the rows.
  package var rowLabel: String { rowLabels.joined(separator: ", ") }
  /// The same as in `head`.
  package var id: String { head.id }
  /// The same as in `head`.
  package var title: String { head.title }
  /// The same as in `head`.
  package var caption: String { head.caption }
}
