import JSON
import PNGImage
package import ResultsStore

/// The page of one experiment: its Markdown and the pictures that it shows.
package struct ReportPage: Sendable {
  /// A picture beside the page.
  package struct Attachment: Sendable {
    /// "figure2.svg".
    package var name: String
    /// The file.
    package var bytes: [UInt8]
  }

  /// The experiment's name.
  package let name: String
  /// The page's text.
  package let markdown: String
  /// Files that belong into a folder of the experiment's name beside the page.
  package let attachments: [Attachment]

  /// Makes the page; equal results give equal bytes.
  ///
  /// - Parameter results: The results of an experiment's latest run.
  /// - Throws: `ReportError` with code `.badSection`.
  package init(_ results: ExperimentResults) throws(ReportError) {
    var writer = PageWriter(results)
    try writer.write(try ReportSectionReader.read(results.spec, experiment: results.name))
    name = results.name
    markdown = writer.text
    attachments = writer.attachments
  }
}

/// Puts a page together from top to bottom.
private struct PageWriter {
  private(set) var text = ""
  private(set) var attachments: [ReportPage.Attachment] = []
  private let results: ExperimentResults
  private let index: ResultsIndex

  init(_ results: ExperimentResults) {
    self.results = results
    index = ResultsIndex(results)
  }

  mutating func write(_ section: ReportSection) throws(ReportError) {
    let title = results.spec["title"]?.stringValue ?? results.name
    paragraph("# " + title)
    if let description = results.spec["description"]?.stringValue { paragraph(description) }
    paragraph(section.introduction)
    writeState()
    for table in section.tables { write(table) }
    for chart in section.charts { write(chart) }
    for figure in section.figures { try write(figure) }
    if section.tables.isEmpty, section.charts.isEmpty { writeMetrics() }
    writeJobs()
    paragraph("---")
    paragraph(Provenance.text(of: results))
  }

  private mutating func write(_ request: TableRequest) {
    let content = TableContent(request, index: index)
    paragraph("## " + request.title)
    paragraph(request.caption)
    guard !content.rows.isEmpty else {
      paragraph("*No trial of this run matches the table's choice of trials.*")
      return
    }
    let measured = PaperTable.measured(content)
    table(measured)
    if measured.rows.joined().contains(where: { $0.hasSuffix(PaperTable.survivorMark) }) {
      paragraph(
        "\(PaperTable.survivorMark) Mean over the attempts that succeeded; failed or missing ones are left out.")
    }
    if let count = PaperTable.commonCount(content) {
      paragraph("*Cells: mean ± standard deviation [95 % t interval of the mean] over \(count) attempts.*")
    }
    let statistics = ComparisonTable.model(content)
    if request.columns.contains(where: \.hasPaper) {
      paragraph("**Statistics, beside the paper.** " + statisticsNote(content))
      table(statistics)
    } else if !statistics.rows.isEmpty {
      details("Statistics of every cell", statistics)
    }
    let ratios = PairedRatios.sentences(content, index: index)
    if !ratios.isEmpty { paragraph(ratios.map { "- " + $0 }.joined(separator: "\n")) }
    if let printed = PaperTable.printed(content) { details("The same table as the paper prints it", printed) }
    paragraph(AttemptTrail.line(content.attempts, in: results))
  }

  private func statisticsNote(_ content: TableContent) -> String {
    var note =
      "The interval is that of the median (percentile bootstrap over attempts, needs n ≥ "
      + "\(ComparisonTable.leastForBootstrap)); "
    note += "the ratio divides our mean by the paper's value, in brackets with the 95 % t interval of our mean."
    let hasWholeRows = content.request.columns.contains { column in
      column.paperMean != nil && !column.paper.isEmpty && !column.paper.contains { $0 == nil }
    }
    if content.hasReplicateRows, hasWholeRows {
      note +=
        " Where the paper prints its rows, the ratio uses their mean, which has more digits than the printed mean."
    }
    return note
  }

  private mutating func write(_ request: ChartRequest) {
    let model = ChartModel(request, index: index)
    paragraph("## " + request.title)
    attach("\(request.id).svg", Array(LineChart.svg(of: model).utf8), alternative: request.title)
    paragraph(request.caption)
    let points = model.panels.flatMap(\.series).flatMap(\.points)
    var note = "Points are means over attempts"
    note +=
      points.contains { $0.interval != nil }
      ? "; bars are 95 % t intervals of the mean." : "; one attempt each, so no intervals."
    if model.panels.contains(where: { $0.series.contains { !$0.paper.isEmpty } }) {
      note += " Hollow markers are the paper's values."
    }
    if points.contains(where: { $0.mean != nil && $0.note != nil }) {
      note += " \(PaperTable.survivorMark) Mean over the attempts that succeeded."
    }
    paragraph("*\(note)*")
    details("The numbers of this figure", ChartTable.model(model))
    paragraph(AttemptTrail.line(attempts(of: request), in: results))
  }

  private func attempts(of request: ChartRequest) -> Set<Int64> {
    let trials = index.trials(request.filter)
    let series = request.panels.flatMap(\.series)
    return Set(series.flatMap { index.measurement($0.source, for: trials).observations.map(\.attempt) })
  }

  private mutating func write(_ request: FigureRequest) throws(ReportError) {
    let content = FigureContent(request, index: index)
    paragraph("## " + request.title)
    do {
      if let bytes = try content.pngBytes() {
        attach("\(request.id).png", bytes, alternative: request.title)
      } else {
        paragraph("*No trial of this run matches the figure's choice of trials.*")
      }
    } catch {
      throw ReportError(.notWritable, "figure \(request.id) of \(results.name): \(error.message)")
    }
    paragraph(request.caption)
    if content.rows.count == 1, !request.metrics.isEmpty {
      let parts = zip(request.metrics, content.metrics[0]).map { metric, measurement in
        "\(metric.label) = \(PaperTable.text(of: measurement, digits: metric.digits))"
      }
      paragraph(parts.joined(separator: " · "))
    } else if !request.metrics.isEmpty, !content.rows.isEmpty {
      var model = TableModel(header: ["Row"] + request.metrics.map(\.label))
      for (row, values) in zip(content.rows, content.metrics) {
        let cells = zip(values, request.metrics).map { PaperTable.text(of: $0, digits: $1.digits) }
        model.rows.append([Markdown.escaped(row.label)] + cells)
      }
      table(model)
    }
    for note in content.notes { paragraph(note) }
    paragraph(AttemptTrail.line(content.attempts, in: results))
  }

  /// What an experiment without a report section shows: every metric that was stored.
  private mutating func writeMetrics() {
    let model = MetricOverview.model(results)
    guard !model.rows.isEmpty else { return }
    paragraph("## Metrics")
    table(model)
    let attempts = results.jobs.filter { $0.state == "done" || $0.state == "reused" }.compactMap { $0.attempt?.id }
    paragraph(AttemptTrail.line(Set(attempts), in: results))
  }

  private mutating func writeState() {
    let open = results.jobs.count { $0.state != "done" && $0.state != "reused" }
    guard open > 0 || results.run.state != "finished" else { return }
    paragraph(
      "> **Incomplete:** run \(results.run.id) is \(Markdown.escaped(results.run.state)); \(open) of "
        + "\(results.jobs.count) jobs have no result. `orchestrate run` on the same spec resumes it.")
  }

  private mutating func writeJobs() {
    paragraph("## Jobs")
    table(JobOverview.counts(results))
    let failures = JobOverview.failures(results)
    if !failures.isEmpty { paragraph(failures.joined(separator: "\n")) }
  }

  private mutating func paragraph(_ content: String) {
    guard !content.isEmpty else { return }
    text += (text.isEmpty ? "" : "\n") + content + "\n"
  }

  private mutating func table(_ model: TableModel) {
    text += "\n" + MarkdownTable.text(of: model)
  }

  private mutating func details(_ title: String, _ model: TableModel) {
    paragraph("<details><summary>\(title)</summary>")
    table(model)
    paragraph("</details>")
  }

  private mutating func attach(_ name: String, _ bytes: [UInt8], alternative: String) {
    attachments.append(ReportPage.Attachment(name: name, bytes: bytes))
    paragraph("![\(Markdown.escaped(alternative))](\(results.name)/\(name))")
  }
}
