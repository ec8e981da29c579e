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

  /// One quantity.
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
    /// What it shows; stage and metric may be empty if `missing` says why.
    package var source: MetricSource
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
  /// The axis whose values are the rows; without one the table has a single row.
  package var rowAxis: String?
  /// Heading of the first column.
  package var rowLabel = ""
  /// How rows are called.
  package var rowNames = RowNames.value
  /// Which trials are shown.
  package var filter = AssignmentPattern.everything
  /// At least one.
  package var columns: [Column] = []
  /// Lines below the rows, in their order.
  package var summary: [SummaryRow] = []

  /// The same as in `head`.
  package var id: String { head.id }
  /// The same as in `head`.
  package var title: String { head.title }
  /// The same as in `head`.
  package var caption: String { head.caption }
}
