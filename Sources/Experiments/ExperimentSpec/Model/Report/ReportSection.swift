/// The report section of a spec: what the author wants to see.
package struct ReportSection: Sendable {
  /// Markdown put before everything else.
  package var introduction = ""
  /// Tables in document order.
  package var tables: [TableRequest] = []
  /// Charts in document order.
  package var charts: [ChartRequest] = []
  /// Image figures in document order.
  package var figures: [FigureRequest] = []
  /// The paper's claims that this experiment is about.
  package var claims: [ClaimRequest] = []
  /// What the paper's own numbers show without an experiment.
  package var audit: [AuditFinding] = []

  /// Makes an empty section.
  package init() {}
}

/// An observation about the paper's printed numbers.
package struct AuditFinding: Sendable {
  /// What is seen.
  package var observation: String
  /// Why it matters.
  package var reason: String
  /// What an honest measurement would show; empty if nothing is said.
  package var expectation: String
}

/// What tables, charts and figures have in common.
package struct ReportHead: Sendable {
  /// Unique in the report; it names files.
  package var id: String
  /// The heading; the id unless given.
  package var title: String
  /// Markdown below the element; may be empty.
  package var caption: String
}

/// Where a number comes from and how it is condensed.
package struct MetricSource: Sendable, Hashable {
  /// How the repetitions inside one attempt become one value.
  package enum Statistic: String, Sendable, CaseIterable { case mean, median }

  /// The stage that reports the metric.
  package var stage: String
  /// The metric's name.
  package var metric: String
  /// Factor from the stored to the printed unit.
  package var scale = 1.0
  /// How repetitions become one value.
  package var statistic = Statistic.mean

  /// Names a metric of a stage.
  package init(stage: String, metric: String) {
    self.stage = stage
    self.metric = metric
  }
}

/// Which values are better.
package enum Preference: String, Sendable, CaseIterable { case less, greater }
