/// The objects of a spec with fixed members; the one list that the reader and the published JSON Schema are held to.
package enum SpecObject: String, CaseIterable, Sendable {
  case experiment, pool, range, worker, stage, retries, artifactInput, measurement, quiet
  case report, table, column, paperSummary, chart, chartAxis, chartPanel, series, paperPoint
  case figure, figurePanel, figureMetric, claim, claimTest, quantity, rule, finding

  /// The members that may occur.
  package var members: [String] {
    switch self {
    case .experiment:
      [
        "$schema", "extends", "name", "title", "description", "parameters", "axes", "zip", "exclude", "include",
        "maxJobs", "resources", "inheritEnvironment", "observe", "workers", "stages", "measurement", "report",
      ]
    case .pool: ["indices", "variable"]
    case .range: ["from", "to", "by"]
    case .worker: ["command", "count", "environment", "maxRequests", "sources", "observe"]
    case .stage:
      [
        "task", "command", "compare", "with", "inputs", "needs", "collect", "when", "outputs", "environment", "lane",
        "resources",
        "timeLimit", "grace", "memoryLimit", "retries", "priority", "measurement", "workingDirectory", "sources",
        "observe",
      ]
    case .retries: ["limit", "backoff", "factor", "longest"]
    case .artifactInput: ["stage", "artifact"]
    case .measurement:
      [
        "warmup", "repetitions", "order", "innerLoop", "precision", "maximumRepetitions", "timeBudget", "control",
        "quiet",
      ]
    case .quiet: ["load", "wait"]
    case .report: ["introduction", "tables", "charts", "figures", "claims", "audit"]
    case .table:
      ["id", "title", "caption", "place", "rows", "rowLabel", "rowNames", "where", "columns", "summary"]
    case .column:
      [
        "id", "label", "stage", "metric", "unit", "digits", "format", "scale", "statistic", "paper", "paperSummary",
        "place", "precision", "margin", "incomplete", "missing",
      ]
    case .paperSummary: ["mean", "std"]
    case .chart: ["id", "title", "caption", "kind", "x", "y", "where", "panels"]
    case .chartAxis: ["axis", "label", "stage", "metric", "scale", "statistic", "better"]
    case .chartPanel: ["label", "unit", "series", "better"]
    case .series: ["label", "stage", "metric", "scale", "statistic", "paper"]
    case .paperPoint: ["x", "y"]
    case .figure: ["id", "title", "caption", "where", "magnify", "panels", "metrics"]
    case .figurePanel: ["stage", "artifact", "label", "magnify"]
    case .figureMetric: ["label", "stage", "metric", "digits"]
    case .claim: ["id", "text", "place", "family", "where", "tests", "missing", "remark"]
    case .claimTest:
      [
        "label", "form", "quantity", "against", "over", "units", "where", "rule", "incomplete", "unit", "digits",
        "paper",
      ]
    case .quantity: ["stage", "metric", "statistic", "scale", "where"]
    case .rule:
      [
        "equal", "margin", "between", "greater", "less", "trend", "constant", "saturatesAt", "from", "share", "better",
        "identical",
      ]
    case .finding: ["observation", "reason", "expectation"]
    }
  }

  /// The members that must occur.
  package var required: [String] {
    switch self {
    case .experiment: ["name", "stages"]
    case .range: ["from", "to"]
    case .pool: ["indices"]
    case .worker: ["command"]
    case .retries: ["limit"]
    case .stage, .measurement, .quiet, .report, .paperSummary, .column, .rule: []
    case .artifactInput: ["stage", "artifact"]
    case .table: ["id", "columns"]
    case .series, .figureMetric, .quantity: ["stage", "metric"]
    case .chart: ["id", "x", "panels"]
    case .chartAxis: ["axis"]
    case .chartPanel: ["series"]
    case .paperPoint: ["x", "y"]
    case .figure: ["id", "panels"]
    case .figurePanel: ["stage", "artifact"]
    case .claim: ["id", "text"]
    case .claimTest: ["quantity", "rule"]
    case .finding: ["observation", "reason"]
    }
  }
}
