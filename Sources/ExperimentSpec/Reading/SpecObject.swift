/// The objects of a spec with fixed members; the one list that the reader and the published JSON Schema are held to.
package enum SpecObject: String, CaseIterable, Sendable {
  case experiment, range, worker, stage, artifactInput, measurement
  case report, table, column, paperSummary, chart, chartAxis, chartPanel, series, paperPoint
  case figure, figurePanel, figureMetric

  /// The members that may occur.
  package var members: [String] {
    switch self {
    case .experiment:
      [
        "$schema", "extends", "name", "title", "description", "parameters", "axes", "zip", "exclude", "include",
        "maxJobs", "resources", "workers", "stages", "measurement", "report",
      ]
    case .range: ["from", "to", "by"]
    case .worker: ["command", "count", "environment"]
    case .stage:
      [
        "task", "command", "with", "inputs", "needs", "collect", "when", "outputs", "environment", "lane", "resources",
        "timeLimit", "retries", "priority", "measurement",
      ]
    case .artifactInput: ["stage", "artifact"]
    case .measurement: ["warmup", "repetitions", "order"]
    case .report: ["introduction", "tables", "charts", "figures"]
    case .table:
      ["id", "title", "caption", "rows", "rowLabel", "rowNames", "where", "columns", "summary"]
    case .column:
      ["label", "stage", "metric", "unit", "digits", "scale", "statistic", "paper", "paperSummary"]
    case .paperSummary: ["mean", "std"]
    case .chart: ["id", "title", "caption", "x", "where", "panels"]
    case .chartAxis: ["axis", "label"]
    case .chartPanel: ["label", "unit", "series"]
    case .series: ["label", "stage", "metric", "scale", "statistic", "paper"]
    case .paperPoint: ["x", "y"]
    case .figure: ["id", "title", "caption", "where", "magnify", "panels", "metrics"]
    case .figurePanel: ["stage", "artifact", "label", "magnify"]
    case .figureMetric: ["label", "stage", "metric", "digits"]
    }
  }

  /// The members that must occur.
  package var required: [String] {
    switch self {
    case .experiment: ["name", "stages"]
    case .range: ["from", "to"]
    case .worker: ["command"]
    case .stage, .measurement, .report, .paperSummary: []
    case .artifactInput: ["stage", "artifact"]
    case .table: ["id", "columns"]
    case .column, .series, .figureMetric: ["stage", "metric"]
    case .chart: ["id", "x", "panels"]
    case .chartAxis: ["axis"]
    case .chartPanel: ["series"]
    case .paperPoint: ["x", "y"]
    case .figure: ["id", "panels"]
    case .figurePanel: ["stage", "artifact"]
    }
  }
}
