import AttemptModel
import ExperimentSpec
import JSON
import PNGImage
import ResultsStore

/// A page as pieces in order, the same for every format.
struct PageContent: Sendable {
  let results: ExperimentResults
  let section: ReportSection
  private(set) var blocks: [PageBlock] = []
  /// Where every number comes from, in the order of the page.
  private(set) var traces: [TraceEntry] = []
  /// The claims with their verdicts, in document order.
  private(set) var claims: [ClaimOutcome] = []
  /// The verdicts on published cells, in document order.
  private(set) var cells: [CellVerdict] = []
  /// The metrics that the section wants of stages that do not report them, a sentence each.
  let metricMistakes: [String]
  /// The tables with their cells, for output without wording.
  private(set) var tables: [TableContent] = []
  private let index: ResultsIndex

  /// Puts a page together from top to bottom.
  init(_ results: ExperimentResults) throws(ReportError) {
    self.results = results
    do throws(ReportSection.Mistake) {
      section = try ReportSection(storedSpec: results.spec)
    } catch {
      throw ReportError(
        .badSection,
        "experiment \(results.name): \(error.message); correct the report section and run `orchestrate run` again")
    }
    index = ResultsIndex(results)
    let index = index
    let replicates = section.replicates
    tables = Parallel.map(section.tables) { TableContent($0, replicates: replicates, index: index) }
    let charts = Parallel.map(section.charts) { ChartContent($0, index: index) }
    claims = ClaimOutcome.all(section, index: index)
    let wanted = WantedMetrics(section)
    metricMistakes = wanted.stages.flatMap { stage in
      index.metrics(of: stage).map { wanted.mistakes(of: stage, reporting: $0) } ?? []
    }
    let verdicts = tables.map(CellVerdict.all)
    cells = verdicts.flatMap(\.self)
    addHead()
    let headCount = blocks.count
    addSummary(zip(tables, verdicts).map { ($0, $1) })
    for (table, verdicts) in zip(tables, verdicts) { add(table, verdicts) }
    for chart in charts { add(chart) }
    for figure in section.figures { try add(figure) }
    if section.tables.isEmpty, section.charts.isEmpty { addMetrics() }
    addClaims()
    if let notice = ResultNotices.stale(results, traces: traces) { blocks.insert(.paragraph(notice), at: headCount) }
    addJobs()
    blocks.append(.rule)
    paragraph(Provenance.text(of: results))
  }

  private mutating func addHead() {
    blocks.append(.title(results.spec["title"]?.stringValue ?? results.name))
    let counts = [
      VerdictCounts(claims),
      VerdictCounts(cells),
    ].compactMap(\.self)
    if !counts.isEmpty { blocks.append(.verdicts(counts)) }
    if let description = results.spec["description"]?.stringValue { paragraph(description) }
    paragraph(section.introduction)
    let open = results.jobs.count { !$0.state.hasResult }
    if open > 0 || results.run.state != .ended(.finished) {
      paragraph(
        "> **Incomplete:** run \(results.run.id) \(Self.words(for: results.run.state)); \(open) of "
          + "\(results.jobs.count) jobs have no result. `orchestrate run` on the same spec resumes it.")
    }
    paragraph(ResultNotices.busy(results) ?? "")
    let mistakes = metricMistakes.map { mistake in
      "> **Unknown metric:** \(Markdown.escaped(mistake))" + (mistake.hasSuffix("?") ? "" : ".")
    }
    paragraph(mistakes.joined(separator: "\n>\n"))
  }

  /// What became of a run, as the rest of a sentence about it.
  private static func words(for state: RunState) -> String {
    switch state {
    case .ended(.interrupted): "was interrupted"
    case .ended(let end): end.rawValue
    case .running: "is running"
    }
  }

  private mutating func addSummary(_ judged: [(TableContent, [CellVerdict])]) {
    let summary = VerdictSummary.lines(claims: claims, tables: judged)
    guard !summary.isEmpty else { return }
    blocks.append(.heading("What held, and what did not"))
    paragraph(summary.joined(separator: "\n"))
  }

  private mutating func add(_ content: TableContent, _ verdicts: [CellVerdict]) {
    let request = content.request
    blocks.append(.heading(request.title))
    paragraph(request.caption)
    guard !content.rows.isEmpty else {
      paragraph("*No trial of this run matches the table's choice of trials.*")
      return
    }
    let measured = PaperTable.measured(content)
    if !content.evaluatedColumns.isEmpty { blocks.append(.table(measured, name: request.id)) }
    if measured.rows.joined().contains(where: { $0.hasSuffix(PaperTable.survivorMark) }) {
      paragraph(PaperTable.survivorNote(content))
    }
    paragraph(PaperTable.cellNote(content) ?? "")
    let bestNote = content.best.note(content.request)
    if !bestNote.isEmpty { paragraph("*\(bestNote)*") }
    paragraph(
      request.columns.compactMap { column in
        column.missing.map { "- *\(Markdown.escaped(column.label))* is not evaluated here: \($0)" }
      }.joined(separator: "\n"))
    let published = ComparisonTable.published(content, verdicts: verdicts)
    if !published.rows.isEmpty {
      let place = request.place.isEmpty ? "" : " (\(request.place))"
      paragraph("**Beside the paper\(place).** " + comparisonNote(content, verdicts))
      blocks.append(.table(published, name: "\(request.id)-comparison"))
    }
    let ratios = PairedRatios.sentences(content, index: index)
    if !ratios.isEmpty { paragraph(ratios.map { "- " + $0 }.joined(separator: "\n")) }
    let statistics = ComparisonTable.statistics(content)
    if !statistics.rows.isEmpty {
      blocks.append(.details("Statistics of every cell", statistics, name: "\(request.id)-statistics"))
    }
    if let printed = PaperTable.printed(content) {
      blocks.append(.details("The same table as the paper prints it", printed, name: "\(request.id)-paper"))
    }
    paragraph(AttemptTrail.line(content.attempts, in: index.attempts))
    traces += content.traces()
  }

  private func comparisonNote(_ content: TableContent, _ verdicts: [CellVerdict]) -> String {
    var note = "The interval is that of the mean (Student's t)."
    let margins = content.request.columns.compactMap { column in
      column.margin.map { margin in
        "\(column.label) ± \(NumberFormat.trimmed(max(margin, column.roundingError), 6))"
      }
    }
    if !margins.isEmpty, !verdicts.isEmpty {
      note +=
        " *Reproduced* means that our mean equals the paper's within a margin fixed beforehand "
        + "(\(margins.joined(separator: ", "))), *refuted* that it does not, each established by one-sided tests at 5 % over "
        + "the whole table (Holm)."
    }
    return note
  }

  private mutating func add(_ chart: ChartContent) {
    blocks.append(.heading(chart.request.title))
    blocks.append(.chart(chart.picture))
    paragraph(chart.request.caption)
    paragraph("*\(chart.note)*")
    blocks.append(.details("The numbers of this figure", chart.table, name: chart.request.id))
    paragraph(AttemptTrail.line(chart.attempts, in: index.attempts))
    traces += chart.traces
  }

  private mutating func add(_ request: FigureRequest) throws(ReportError) {
    let content = try FigureContent(request, index: index)
    blocks.append(.heading(request.title))
    do throws(PNGError) {
      if let sheet = try content.sheet() {
        blocks.append(
          .figure(
            FigurePicture(
              id: request.id, title: request.title, content: content, sheet: sheet.bytes, ending: sheet.ending)))
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
      blocks.append(.table(model, name: request.id))
    }
    for note in content.notes { paragraph(note) }
    paragraph(AttemptTrail.line(content.attempts, in: index.attempts))
  }

  /// What an experiment without a report section shows: every metric that was stored.
  private mutating func addMetrics() {
    let (model, omitted) = MetricOverview.model(index)
    guard !model.rows.isEmpty else { return }
    blocks.append(.heading("Metrics"))
    blocks.append(.table(model, name: "metrics"))
    if omitted > 0 {
      paragraph(
        "… and \(omitted) more; a table in the spec's `report` chooses metrics, `orchestrate export` writes all.")
    }
    let attempts = results.jobs.filter { $0.state.hasResult }.compactMap { $0.attempt?.id }
    paragraph(AttemptTrail.line(Set(attempts), in: index.attempts))
  }

  private mutating func addClaims() {
    guard !claims.isEmpty else { return }
    let voice = Voice(section)
    blocks.append(.heading(voice.nouns))
    let tested = ClaimTable.model(claims)
    if !tested.rows.isEmpty {
      paragraph(voice.explanation)
      blocks.append(.table(tested, name: "claims"))
    }
    let untestable = ClaimTable.untestable(claims)
    if !untestable.rows.isEmpty {
      paragraph("**Not testable here.** What these results cannot speak about, and what would change that.")
      blocks.append(.table(untestable, name: "claims-untestable"))
    }
    let attempts = Set(claims.flatMap(\.tests).flatMap(\.values.observations).map(\.attempt))
    if !tested.rows.isEmpty { paragraph(AttemptTrail.line(attempts, in: index.attempts)) }
    traces += ClaimTable.traces(claims)
  }

  private mutating func addJobs() {
    blocks.append(.heading("Jobs"))
    blocks.append(.table(JobOverview.counts(results), name: "jobs"))
    var items: [String] = []
    for failure in JobOverview.failures(results) {
      items.append(failure.item)
      guard !failure.log.isEmpty else { continue }
      paragraph(items.joined(separator: "\n"))
      blocks.append(.log(failure.log))
      items = []
    }
    paragraph(items.joined(separator: "\n"))
  }

  private mutating func paragraph(_ content: String) {
    guard !content.isEmpty else { return }
    blocks.append(.paragraph(content))
  }
}
