/// The objects of a spec with fixed members, described once: the reader, the published JSON Schema and the reference follow it.
package enum SpecObject: String, CaseIterable, Sendable {
  case experiment, pool, range, worker, stage, retries, artifactInput, measurement, quiet
  case metric, report, table, column, paperSummary, chart, chartAxis, valueAxis
  case chartPanel, referenceLine, series, paperPoint
  case figure, figurePanel, figureMetric, claim, claimTest, quantity, rule, finding

  /// The members that may occur, in the order of the reference.
  package var members: [SpecMember] {
    switch self {
    case .experiment: Self.experimentMembers
    case .pool: Self.poolMembers
    case .range: Self.rangeMembers
    case .worker: Self.workerMembers
    case .stage: Self.stageMembers
    case .retries: Self.retriesMembers
    case .artifactInput: Self.artifactInputMembers
    case .measurement: Self.measurementMembers
    case .quiet: Self.quietMembers
    case .metric: Self.metricMembers
    case .report: Self.reportMembers
    case .table: Self.tableMembers
    case .column: Self.columnMembers
    case .paperSummary: Self.paperSummaryMembers
    case .chart: Self.chartMembers
    case .chartAxis: Self.chartAxisMembers
    case .valueAxis: Self.valueAxisMembers
    case .chartPanel: Self.chartPanelMembers
    case .referenceLine: Self.referenceLineMembers
    case .series: Self.seriesMembers
    case .paperPoint: Self.paperPointMembers
    case .figure: Self.figureMembers
    case .figurePanel: Self.figurePanelMembers
    case .figureMetric: Self.figureMetricMembers
    case .claim: Self.claimMembers
    case .claimTest: Self.claimTestMembers
    case .quantity: Self.quantityMembers
    case .rule: Self.ruleMembers
    case .finding: Self.findingMembers
    }
  }

  /// What such an object is, as a sentence.
  package var meaning: String {
    switch self {
    case .experiment: "A spec that stands by itself."
    case .pool: "A pool whose tokens have names: a job learns which ones it got."
    case .range: "Numbers from 'from' to 'to', both included."
    case .worker: "A program that serves tasks over the worker protocol."
    case .stage: "One step of a trial. It has one job for all trials that do not differ in anything it mentions."
    case .retries: "Further attempts after a failed one, and the pauses before them."
    case .artifactInput: "An artifact of another stage, which is then needed."
    case .measurement: "Repetitions inside an attempt."
    case .quiet: "How much other work a timed attempt tolerates, and how long it waits for less."
    case .metric: "What holds of a metric wherever it is printed or judged."
    case .report: "What the report shows."
    case .table: "A table with a row for each value of an axis, or for each combination of values of several."
    case .column: "A measured quantity, or one for each value of some axes."
    case .paperSummary: "The paper's summary of a column."
    case .chart: "Panels over one axis."
    case .chartAxis: "What the panels are drawn over."
    case .valueAxis: "The axis of the values; the second axis of a heat map."
    case .chartPanel: "One coordinate system."
    case .referenceLine: "A line at a fixed value: exactly one of y, x."
    case .series: "A line."
    case .paperPoint: "A point read from the paper."
    case .figure: "Pictures side by side."
    case .figurePanel: "A picture."
    case .figureMetric: "A number below the pictures."
    case .claim: "A statement of the paper, or a hypothesis of the author."
    case .claimTest: "A comparison over independent units."
    case .quantity: "A metric at some of the trials."
    case .rule: "When a test holds: exactly one of \(ClaimRule.Kind.allCases.map(\.rawValue).joined(separator: ", "))."
    case .finding: "An observation about the paper's printed numbers."
    }
  }

  /// The names of the members that may occur.
  package var memberNames: [String] { members.map(\.name) }

  /// The names of the members that must occur.
  package var requiredNames: [String] { members.filter(\.isRequired).map(\.name) }

  /// Sets of members of which exactly one must occur.
  var alternatives: [String] { self == .stage ? ["task", "command", "compare"] : [] }
}
