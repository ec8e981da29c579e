package import ResultsStore

/// The page of one experiment in all its formats.
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
  private let content: PageContent
  private let runs: [Int64: RunSummary]

  /// Makes the page; equal results give equal bytes.
  ///
  /// - Parameters:
  ///   - results: The results of an experiment's latest run.
  ///   - runs: All runs, to name the commits and machines of reused attempts.
  /// - Throws: `ReportError` with code `.badSection`.
  package init(_ results: ExperimentResults, runs: [RunSummary] = []) throws(ReportError) {
    name = results.name
    content = try PageContent(results)
    self.runs = Dictionary((runs + [results.run]).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
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
  /// The page's report section, for the audit.
  var section: ReportSection { content.section }
  /// The results that the page shows.
  package var results: ExperimentResults { content.results }
}
