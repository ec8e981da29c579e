import ExperimentSpec
package import Files
package import ResultsStore

/// The page of one experiment in all its formats.
package struct ReportPage: Sendable {
  /// A picture beside the page.
  package struct Attachment: Sendable {
    /// The id of the chart or figure.
    package var id: FileName
    /// "svg" or "png".
    package var ending: String
    /// The file.
    package var bytes: [UInt8]
    /// "figure2.svg".
    package var name: String { "\(id).\(ending)" }
  }

  /// The experiment's name.
  package let name: String
  /// The name of its files, which is the experiment's.
  package let file: FileName
  private let content: PageContent
  private let runs: [Int64: RunSummary]

  /// Makes the page; equal results give equal bytes.
  ///
  /// - Parameters:
  ///   - results: The results of an experiment's latest run.
  ///   - runs: All runs, to name the commits and machines of reused attempts.
  /// - Throws: `ReportError` with code `.badSection`, or `.badName` if its name cannot be that of a file.
  package init(_ results: ExperimentResults, runs: [RunSummary] = []) throws(ReportError) {
    name = results.name
    file = try ReportPage.file(ofExperiment: name)
    content = try PageContent(results)
    self.runs = Dictionary((runs + [results.run]).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The name of the files of an experiment's page.
  ///
  /// - Throws: `ReportError` with code `.badName`: a database may be somebody else's, and hold names that lead out of the folder.
  static func file(ofExperiment name: String) throws(ReportError) -> FileName {
    guard let file = FileName(name), CommonPage(rawValue: name.lowercased()) == nil else {
      let problem = FileName.problem(with: name) ?? "is the name of a page that every report has"
      throw ReportError(
        .badName,
        "an experiment is named '\(ReportError.shown(name))', which \(problem), so that it can have no page; "
          + "name the experiments whose pages are wanted")
    }
    return file
  }

  /// The page's text.
  package var markdown: String { MarkdownPage.text(of: content) }
  /// Files that belong into a folder of the experiment's name beside the Markdown page.
  package var attachments: [Attachment] { MarkdownPage.attachments(of: content) }
  /// The page as one file that needs nothing else.
  package var html: String { HTMLPage(content, runs: runs).text }
  /// The tables for inclusion in a paper; needs the package booktabs.
  package var latex: String { LaTeXTables.text(of: content) }
  /// Every number, claim and published cell with full precision.
  package var csv: String { CSVExport.text(of: content) }
  /// The paper's claims with their verdicts.
  package var claims: [ClaimOutcome] { content.claims }
  /// The verdicts on published cells with a declared margin.
  package var cells: [CellVerdict] { content.cells }
  /// Where every number comes from.
  package var traces: [TraceEntry] { content.traces }
  /// The metrics that the report wants of stages that do not report them, a sentence each.
  package var metricMistakes: [String] { content.metricMistakes }
  /// The page's report section, for the audit.
  var section: ReportSection { content.section }
  /// The results that the page shows.
  package var results: ExperimentResults { content.results }
}
