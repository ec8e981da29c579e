/// The report section of a spec: what the author wants to see.
struct ReportSection: Sendable {
  /// Markdown put before everything else.
  var introduction = ""
  /// Tables in document order.
  var tables: [TableRequest] = []
  /// Charts in document order.
  var charts: [ChartRequest] = []
  /// Image figures in document order.
  var figures: [FigureRequest] = []
  /// The paper's claims that this experiment is about.
  var claims: [ClaimRequest] = []
  /// What the paper's own numbers show without an experiment.
  var audit: [AuditFinding] = []
}

/// An observation about the paper's printed numbers.
struct AuditFinding: Sendable {
  var observation: String
  var reason: String
  /// What an honest measurement would show.
  var expectation = ""
}

/// Where a number comes from and how it is condensed.
struct MetricSource: Sendable, Hashable {
  /// How the repetitions inside one attempt become one value.
  enum Statistic: String, Sendable { case mean, median }

  var stage: String
  var metric: String
  /// Factor from the stored to the printed unit.
  var scale = 1.0
  var statistic = Statistic.mean
}

/// A table shaped like one of the paper's.
struct TableRequest: Sendable {
  /// A line under the rows.
  enum SummaryRow: String, Sendable { case mean, std, median, min, max }

  /// One quantity.
  struct Column: Sendable {
    /// How a value is printed.
    enum Format: String, Sendable, CaseIterable {
      case number
      /// 1 and 0 as words.
      case yesNo = "yes-no"
    }

    /// Name in the addresses of cells.
    var id: String
    var label: String
    var source: MetricSource
    /// Unit that the mean and standard deviation rows carry; empty if dimensionless.
    var unit = ""
    /// Decimals, as the paper prints them.
    var digits = 4
    var format = Format.number
    /// The paper's values, aligned with the rows.
    var paper: [Double?] = []
    var paperMean: Double?
    var paperDeviation: Double?
    /// Where the paper prints the values, if not where it prints the table.
    var place = ""
    /// Greatest difference from the paper's value that counts as equal; `nil` gives no verdicts.
    var margin: Double?
    /// How a verdict counts values that are not there or not finite.
    var incomplete = IncompleteUnits.undecided
    /// Half the last printed step unless the author says otherwise.
    var precision: Double?
    /// Why the quantity cannot be measured here, and how it could be.
    var missing: String?

    /// What the paper's rounding may hide.
    var roundingError: Double {
      precision ?? 0.5 * (0..<digits).reduce(1) { power, _ in power / 10 }
    }

    /// A single value as the table prints it.
    func text(of value: Double) -> String {
      switch format {
      case .yesNo where value == 1: "yes"
      case .yesNo where value == 0: "no"
      case .yesNo, .number: NumberFormat.fixed(value, digits)
      }
    }

    /// Whether the paper gives any number for this column.
    var hasPaper: Bool { paperMean != nil || paper.contains { $0 != nil } }
  }

  var id: String
  var title = ""
  var caption = ""
  /// Where the paper prints the table.
  var place = ""
  /// The axis whose values are the rows; without one the table has a single row.
  var rowAxis: String?
  var rowLabel = ""
  /// Whether rows are called 1, 2, 3, … instead of by their axis value.
  var namesRowsByIndex = false
  var filter = TrialFilter()
  var columns: [Column] = []
  var summary: [SummaryRow] = []
}

/// A chart of panels side by side.
struct ChartRequest: Sendable {
  /// One set of axes.
  struct Panel: Sendable {
    var label: String
    var unit = ""
    var series: [Series] = []
    /// Which vertical values of a scatter chart are better.
    var lessIsBetter: Bool?
  }

  /// One line.
  struct Series: Sendable {
    var label: String
    var source: MetricSource
    /// The paper's points.
    var paper: [(x: Double, y: Double)] = []
  }

  var id: String
  var title = ""
  var caption = ""
  var kind = ChartModel.Kind.line
  var axis: String
  var axisLabel = ""
  /// The second axis of a heat map.
  var rowAxis: String?
  var rowLabel = ""
  /// The horizontal quantity of a scatter chart.
  var across: MetricSource?
  /// Which horizontal values of a scatter chart are better.
  var lessIsBetterAcross: Bool?
  var filter = TrialFilter()
  var panels: [Panel] = []
}

/// Stored images side by side.
struct FigureRequest: Sendable {
  /// One image.
  struct Panel: Sendable {
    var stage: String
    var artifact: String
    var label: String
    /// Side of a square that shows one pixel of this panel, if not the figure's.
    var magnify: Int?
  }

  /// A number printed under the images.
  struct Metric: Sendable {
    var label: String
    var source: MetricSource
    var digits = 4
  }

  var id: String
  var title = ""
  var caption = ""
  var filter = TrialFilter()
  /// Side of a square of the picture that shows one pixel.
  var magnify = 1
  var panels: [Panel] = []
  var metrics: [Metric] = []
}
