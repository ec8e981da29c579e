import AttemptModel
import JSON
import SeriesReview
import ResultsStore

/// The one-page summary of a night.
struct NightPage {
  /// Most charts on a page; quantities that need a look come first.
  private static let mostCharts = 12
  private let review: NightReview
  private(set) var blocks: [PageBlock] = []

  /// Puts a page together from top to bottom; equal reviews give equal pages.
  init(_ review: NightReview) {
    self.review = review
    guard let tonight = review.tonight else {
      blocks = [
        .title("Night of \(review.experiment)"),
        .paragraph("No run of \(Markdown.code(review.experiment)) has ended yet."),
      ]
      return
    }
    blocks.append(.title("Night of \(tonight.startedAt.prefix(10)): \(Self.headline(review))"))
    addHead(tonight)
    addLook()
    addCells()
    addControls(tonight)
    addBaselines()
    addCharts()
    blocks.append(.rule)
    blocks.append(.paragraph(Self.provenance(review)))
  }

  /// The state of the latest night in a few words.
  static func headline(_ review: NightReview) -> String {
    guard let tonight = review.tonight else { return "no night" }
    if tonight.isBlind { return "blind" }
    let regressions = review.cells.count(where: \.isRegression)
    if regressions > 0 { return "\(regressions) regression\(regressions == 1 ? "" : "s")" }
    let open = review.cells.count(where: \.isOpen)
    return open > 0 ? "\(open) undecided" : "steady"
  }

  private mutating func addHead(_ tonight: Night) {
    var lines = [
      "Run \(tonight.run) of \(Markdown.code(review.experiment)): \(tonight.state.name), started \(tonight.startedAt), commit "
        + "\(Markdown.code(String(tonight.commit.prefix(12))))\(tonight.isDirty ? " with uncommitted changes" : "").",
      "Machine \(Markdown.code(String(review.machine.prefix(12)))), night \(review.nights.count) on it.",
    ]
    if let others = NightText.otherMachines(review) { lines.append("\(others).") }
    if let busy = NightText.busy(tonight) { lines.append("\(busy).") }
    blocks.append(.paragraph(lines.map { "- " + $0 }.joined(separator: "\n")))
    guard tonight.isBlind else { return }
    blocks.append(
      .paragraph(
        "> **Blind:** tonight's timings are not to be trusted, raise no alarm and do not count as history, because "
          + tonight.blindReasons.map(Markdown.escaped).joined(separator: "; and because ") + "."))
  }

  private mutating func addLook() {
    let wanted = review.cells.filter { cell in
      switch cell.verdict {
      case .unusual, .shifted, .failed, .undecided, .stale: true
      case .steady, .reused, .waiting: false
      }
    }
    let waiting = NightText.waiting(review.cells)
    guard !wanted.isEmpty || waiting != nil else { return }
    blocks.append(.heading("What to look at"))
    let lines = wanted.map { cell in
      let mark = cell.isRegression ? "**\(Markdown.escaped(cell.address))**" : Markdown.escaped(cell.address)
      return "- \(mark): \(Markdown.escaped(NightText.explanation(of: cell, in: review)))"
    }
    blocks.append(.paragraph((lines + [waiting.map { "- \($0)" }].compactMap(\.self)).joined(separator: "\n")))
    if review.cells.contains(where: \.isRegression), review.tonight?.isBlind == false {
      blocks.append(
        .paragraph(
          "A change that is wanted is accepted with `orchestrate baseline accept QUANTITY --name WHO --reason WHY`; results that "
            + "are wrong are marked with `orchestrate invalidate`."))
    }
  }

  private mutating func addCells() {
    guard !review.cells.isEmpty else { return }
    blocks.append(.heading("All quantities"))
    var table = TableModel(
      header: ["Quantity", "Tonight", "Expected", "Level (nights)", "Compared with", "Change", "Verdict"])
    table.alignments[6] = .leading
    for cell in review.cells {
      table.rows.append([
        Markdown.escaped(cell.address),
        cell.latest.map { Self.number($0.value, cell) } ?? NumberFormat.missing,
        NightText.range(cell.expected),
        cell.level.map { "\(Self.number($0.value, cell)) (\($0.nights))" } ?? NumberFormat.missing,
        cell.reference.map { Self.number($0, cell) + (cell.baseline == nil ? "" : ", accepted") }
          ?? NumberFormat.missing,
        cell.relativeChange.map(NightText.signedPercent) ?? NumberFormat.missing,
        cell.isRegression ? "**\(Markdown.escaped(cell.verdictText))**" : Markdown.escaped(cell.verdictText),
      ])
    }
    blocks.append(.table(table, name: "quantities"))
    blocks.append(
      .paragraph(
        "*Tonight: median over the night's attempts. Expected: prediction interval from the median and the median absolute deviation of "
          + "earlier nights at the present level, such that all quantities together leave it by chance in "
          + "\(NightText.percent(review.policy.risk)) of nights. Changes below \(NightText.percent(review.policy.leastChange)) "
          + "do not count.*"))
  }

  private static func number(_ value: Double, _ cell: NightCell) -> String {
    Markdown.escaped(NightText.number(value, cell.unit))
  }

  private mutating func addControls(_ tonight: Night) {
    blocks.append(.heading("Can tonight be trusted?"))
    if tonight.controls.isEmpty {
      blocks.append(
        .paragraph(
          "The experiment has no controls: a timed stage with `\"measurement\": {\"control\": \"identity\"}` and one with a planted "
            + "slow-down, such as 0.05, would tell."))
    } else {
      var table = TableModel(header: ["Control", "Planted", "Found ratio", "Pairs", "Outcome"])
      table.alignments[4] = .leading
      for control in tonight.controls {
        let interval = control.outcome.interval.map { " \(NightText.range($0))" } ?? ""
        table.rows.append([
          Markdown.escaped(control.cell), control.planted.map(NightText.percent) ?? "nothing",
          NumberFormat.fixed(control.outcome.ratio, 4) + interval, String(control.outcome.pairs),
          control.isRight ? "as it should be" : "**wrong: blind**",
        ])
      }
      blocks.append(.table(table, name: "controls"))
    }
    if review.calibrations.isEmpty {
      blocks.append(
        .paragraph("This machine has not been calibrated for this experiment: `orchestrate calibrate SPEC` does that."))
    } else {
      blocks.append(
        .paragraph(
          "Calibration of this machine:\n"
            + review.calibrations.map { "- \(Markdown.escaped($0.summary))." }.joined(separator: "\n")))
    }
    let blind = review.nights.indices.filter { review.nights[$0].isBlind }
    if !blind.isEmpty {
      let numbers = blind.suffix(20).map { String($0 + 1) }.joined(separator: ", ")
      blocks.append(.paragraph("\(blind.count) of \(review.nights.count) nights are blind: \(numbers)."))
    }
  }

  private mutating func addBaselines() {
    let accepted = review.cells.compactMap(\.baseline)
    guard !accepted.isEmpty else { return }
    blocks.append(.heading("Accepted levels"))
    var table = TableModel(header: ["Quantity", "Level", "By", "Why", "When"])
    table.alignments = [.leading, .trailing, .leading, .leading, .leading]
    table.rows = accepted.map { baseline in
      [
        Markdown.escaped(baseline.cell), Markdown.escaped(NightText.number(baseline.value, baseline.unit)),
        Markdown.escaped(baseline.acceptedBy), Markdown.escaped(baseline.reason),
        "\(baseline.acceptedAt.prefix(10)), run \(baseline.run)",
      ]
    }
    blocks.append(.table(table, name: "baselines"))
  }

  private mutating func addCharts() {
    func rank(_ cell: NightCell) -> Int { cell.isRegression ? 0 : cell.changes.isEmpty ? 2 : 1 }
    let drawn = review.cells.enumerated().filter { $0.element.points.count >= 2 }
      .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.prefix(Self.mostCharts).map(\.element)
    guard !drawn.isEmpty else { return }
    blocks.append(.heading("Night by night"))
    for (position, cell) in drawn.enumerated() {
      let nights = review.nights.count
      blocks.append(
        .chart(
          ChartPicture(
            id: "night-\(position + 1)", title: cell.address, drawing: NightChart.drawing(of: cell, nights: nights),
            narrowDrawing: { NightChart.drawing(of: cell, nights: nights, isNarrow: true) })))
    }
  }

  private static func provenance(_ review: NightReview) -> String {
    [
      "**How this page is made**", "",
      "- Only runs on the machine of the latest night count; nights that are blind and results that were invalidated do not.",
      "- Tonight: Holm's correction over quantities, all together at \(NightText.percent(review.policy.risk)). For good: change points whose "
        + "penalty comes from shuffled residuals, at the same risk for all quantities together.",
      "- A level is compared with the accepted one, else with the best one so far of a time, and with the first one of anything else.",
      "- Exit codes of `report nightly`: 0 steady or better, 1 a regression, 3 blind, undecided or stale, 2 bad input.",
    ].joined(separator: "\n")
  }
}
