import JSON

/// The metrics that a report asks for, to be compared with what the stages report.
package struct WantedMetrics: Sendable {
  /// A metric and the part of the report that wants it.
  private struct Request: Sendable, Hashable {
    var metric: String
    var part: String
  }

  private var requests: [String: [Request]] = [:]

  /// Collects the metrics of tables, charts, figures and claims; columns that say what is missing want none.
  ///
  /// - Parameter section: A report section.
  package init(_ section: ReportSection) {
    for table in section.tables {
      for column in table.columns where column.missing == nil { add(column.source, "the table '\(table.id)'") }
    }
    for chart in section.charts {
      for source in chart.panels.flatMap(\.series).map(\.source) + [chart.across].compactMap(\.self) {
        add(source, "the chart '\(chart.id)'")
      }
    }
    for figure in section.figures {
      for metric in figure.metrics { add(metric.source, "the figure '\(figure.id)'") }
    }
    for claim in section.claims {
      for quantity in claim.tests.flatMap({ [$0.quantity, $0.against].compactMap(\.self) }) {
        add(quantity.source, "the claim '\(claim.id)'")
      }
    }
  }

  private mutating func add(_ source: MetricSource, _ part: String) {
    let request = Request(metric: source.metric, part: part)
    if requests[source.stage]?.contains(request) != true { requests[source.stage, default: []].append(request) }
  }

  /// The stages of which a metric is wanted, in alphabetical order.
  package var stages: [String] { requests.keys.sorted() }

  /// Returns what is wrong with the metrics that are wanted of a stage.
  ///
  /// - Parameters:
  ///   - stage: A stage that has reported.
  ///   - reported: The names of the metrics that it reported.
  /// - Returns: One sentence for each metric that it did not report: who wants it, what there is, and the nearest name.
  package func mistakes(of stage: String, reporting reported: Set<String>) -> [String] {
    let names = reported.sorted()
    let list = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    var known: Set<String> = []
    return (requests[stage] ?? []).compactMap { request -> String? in
      guard !reported.contains(request.metric), known.insert(request.metric).inserted else { return nil }
      let parts = (requests[stage] ?? []).filter { $0.metric == request.metric }.map(\.part)
      let more = parts.count > 1 ? " and \(parts.count - 1) more" : ""
      let nearest = SpellingSuggestion.nearest(to: request.metric, in: names)
      return "stage \(stage) reports \(names.isEmpty ? "no metric" : list); \(parts[0])\(more) "
        + "want\(parts.count > 1 ? "" : "s") '\(request.metric)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
  }
}
