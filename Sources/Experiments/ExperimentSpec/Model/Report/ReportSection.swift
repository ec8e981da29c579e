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
  /// The paper's claims, or the author's hypotheses, that this experiment is about.
  package var claims: [ClaimRequest] = []
  /// What the paper's own numbers show without an experiment.
  package var audit: [AuditFinding] = []
  /// What the spec says of metrics, by their names.
  package var metrics: [String: MetricDescription] = [:]
  /// The axes whose values are repetitions of the same thing.
  package var replicates: Set<String> = ReportSection.standardReplicates

  /// The axes whose values are repetitions unless a spec says otherwise.
  package static let standardReplicates: Set<String> = ["seed"]

  /// Makes an empty section.
  package init() {}

  /// Whether a paper's numbers are declared anywhere, so that claims are the paper's and not the author's.
  package var hasPaper: Bool {
    !audit.isEmpty || tables.contains { $0.columns.contains(where: \.hasPaper) }
      || charts.contains { $0.panels.contains { $0.series.contains { !$0.paper.isEmpty } } }
      || claims.contains { $0.tests.contains { !$0.paper.isEmpty } }
  }
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
  package enum Statistic: String, Sendable, CaseIterable { case mean, median, min, max, last }

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
