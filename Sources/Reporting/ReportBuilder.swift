import Glibc
public import ResultsStore

/// Writes the pages of experiments into a folder.
///
///     try ReportBuilder(output: "reports").build(results)
///
/// The same results give the same bytes. Files are replaced one by one and whole; pages of experiments that are no longer
/// known are left alone.
public struct ReportBuilder: Sendable {
  /// The folder that receives index.md, one page per experiment, and a folder of pictures beside each page.
  public var output: String

  /// Describes where pages go.
  ///
  /// - Parameter output: A folder; it is made when the first page is written.
  public init(output: String) {
    self.output = output
  }

  /// Writes pages and the index.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments in the database.
  ///   - selection: Names of the experiments whose pages are written; empty means all.
  /// - Returns: The paths of the files written, pictures before their page, the index last.
  /// - Throws: `ReportError` with code `.badSection`, `.unknownExperiment` or `.notWritable`; a bad section of one experiment
  ///   is thrown before anything is written.
  @discardableResult
  public func build(
    _ experiments: [ExperimentResults], selection: [String] = []
  ) throws(ReportError) -> [String] {
    let sorted = experiments.sorted { $0.name < $1.name }
    let known = sorted.map(\.name)
    if let unknown = selection.first(where: { !known.contains($0) }) {
      let names = known.isEmpty ? "no experiment" : known.joined(separator: ", ")
      throw ReportError(
        .unknownExperiment, "no run of an experiment \(unknown) is stored; the database holds \(names)")
    }
    var pages: [ReportPage] = []
    for results in sorted where selection.isEmpty || selection.contains(results.name) {
      pages.append(try ReportPage(results))
    }
    var written: [String] = []
    for page in pages {
      // Pictures first, so that a page never points at a picture that is not there yet.
      for attachment in page.attachments {
        written.append("\(output)/\(page.name)/\(attachment.name)")
        try AtomicFile.write(attachment.bytes, to: written[written.count - 1])
      }
      written.append("\(output)/\(page.name).md")
      try AtomicFile.write(Array(page.markdown.utf8), to: written[written.count - 1])
    }
    let index = IndexPage.text(sorted) { access("\(output)/\($0).md", F_OK) == 0 }
    written.append("\(output)/index.md")
    try AtomicFile.write(Array(index.utf8), to: written[written.count - 1])
    return written
  }
}
