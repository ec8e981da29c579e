import Files
public import SeriesReview

/// The summary of a night as files and as lines, for people and for CI.
///
///     let report = NightlyReport(review)
///     try report.write(to: "reports", formats: [.markdown, .html])
///     for line in report.lines { print(line) }
///     exit(review.exitCode)
public struct NightlyReport: Sendable {
  private let review: NightReview
  private let page: NightPage

  /// Makes the summary; equal reviews give equal bytes.
  ///
  /// - Parameter review: The latest night beside those before it.
  public init(_ review: NightReview) {
    self.review = review
    page = NightPage(review)
  }

  /// Name of the page's files, without their ending.
  public var name: String { "\(review.experiment)-summary" }

  /// One line for each quantity, then one for each control and calibration, after a headline.
  public var lines: [String] {
    var lines = ["\(review.experiment): \(NightPage.headline(review))"]
    for cell in review.cells {
      let mark = cell.isRegression ? "regression" : cell.isOpen ? "undecided" : "ok"
      let value = cell.latest.map { NightText.number($0.value, cell.unit) } ?? NumberFormat.missing
      lines.append("\(padded(mark))  \(cell.address)  \(value)  \(NightText.explanation(of: cell, in: review))")
    }
    for control in review.tonight?.controls ?? [] {
      let planted = control.planted.map { "slow-down of \(NightText.percent($0))" } ?? "the same thing twice"
      lines.append(
        "\(padded(control.isRight ? "ok" : "blind"))  \(control.cell)  \(planted), ratio "
          + "\(NumberFormat.fixed(control.outcome.ratio, 4)) \(NightText.range(control.outcome.interval))")
    }
    if let busy = review.tonight.flatMap(NightText.busy) { lines.append(busy) }
    if let others = NightText.otherMachines(review) { lines.append(others.replacing("`", with: "")) }
    return lines + review.calibrations.map { "calibration  \($0.summary)" }
  }

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - folder: The folder; it is made if it does not exist.
  ///   - formats: Markdown (with pictures beside it) or HTML; others are left out.
  /// - Returns: The paths of the pages.
  /// - Throws: `ReportError` with code `.notWritable`, or `.badName` if the experiment's name cannot be that of a file.
  @discardableResult
  public func write(to folder: String, formats: [ReportFormat]) throws(ReportError) -> [String] {
    var pages: [String] = []
    for file in try files(formats) {
      let path = "\(folder)/\(file.path)"
      try OutputFile.write(file.bytes, to: path)
      if !file.path.contains("/") { pages.append(path) }
    }
    return pages
  }

  /// The files, pictures before the page that shows them.
  package func files(_ formats: [ReportFormat]) throws(ReportError) -> [ReportFile] {
    let file = try ReportPage.file(ofExperiment: name)
    var files: [ReportFile] = []
    if formats.contains(.markdown) {
      for case .chart(let chart) in page.blocks {
        guard let id = FileName(chart.id) else { continue }
        files.append(ReportFile(id, ending: "svg", in: file, bytes: Array(chart.drawing.document.utf8)))
      }
      files.append(
        ReportFile(file, ending: "md", bytes: Array(MarkdownPage.text(of: page.blocks, folder: name).utf8)))
    }
    if formats.contains(.html) {
      let title = "\(review.experiment): \(NightPage.headline(review))"
      files.append(ReportFile(file, ending: "html", bytes: Array(HTMLPage.text(of: page.blocks, title: title).utf8)))
    }
    return files
  }

  private func padded(_ word: String) -> String {
    word + String(repeating: " ", count: max(0, "regression".count - word.count))
  }
}
