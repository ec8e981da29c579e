import ExperimentSpec
import Statistics

extension TableRequest.CellStyle {
  /// What a cell prints, as a part of a sentence.
  ///
  /// - Parameter showsInterval: Whether the table has room for the intervals of the standard style.
  /// - Returns: Words in the singular.
  func words(showsInterval: Bool) -> String {
    switch self {
    case .meanDeviationInterval:
      "mean ± standard deviation" + (showsInterval ? " [95 % interval of the mean]" : "")
    case .mean: "mean"
    case .meanDeviation: "mean ± standard deviation"
    case .interval: "mean [95 % interval of the mean]"
    case .median: "median [quartiles]"
    case .min: "least value"
    case .max: "greatest value"
    case .best: "best value"
    }
  }

  /// Returns what a cell prints of several values; a spread only if they differ.
  ///
  /// - Parameters:
  ///   - measurement: At least one finite value.
  ///   - column: Says the digits and what is better.
  /// - Returns: Inline Markdown.
  func text(of measurement: Measurement, _ column: TableRequest.Column) -> String {
    guard let summary = measurement.summary, let value = PaperTable.statistic(of: measurement, column) else {
      return NumberFormat.missing
    }
    let text = NumberFormat.fixed(value, column.digits)
    guard let deviation = summary.standardDeviation, deviation > 0 else { return text }
    switch self {
    case .mean, .min, .max, .best: return text
    case .meanDeviation: return text + " ± " + NumberFormat.fixed(deviation, column.digits)
    case .median:
      return text + " " + NumberFormat.range(summary.quantile(0.25), summary.quantile(0.75), column.digits)
    case .interval, .meanDeviationInterval:
      let interval = measurement.meanInterval
      return text + (interval.map { " " + NumberFormat.range($0.lower, $0.upper, column.digits) } ?? "")
    }
  }
}
