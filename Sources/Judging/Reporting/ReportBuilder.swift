import ExperimentSpec
import Files
import Glibc
public import ResultsStore

/// Writes the pages of experiments into a folder.
///
///     try ReportBuilder(output: "reports").build(results)
///
/// The same results give the same bytes. Files are replaced one by one and whole; pages of experiments that are no longer
/// known are left alone.
public struct ReportBuilder: Sendable {
  /// The folder that receives the index, one page per experiment, and a folder of pictures beside each Markdown page.
  public var output: String
  /// The formats that pages are written in.
  public var formats: [ReportFormat]

  /// Describes where pages go.
  ///
  /// - Parameters:
  ///   - output: A folder; it is made when the first page is written.
  ///   - formats: The formats that pages are written in.
  public init(output: String, formats: [ReportFormat] = [.markdown]) {
    self.output = output
    self.formats = formats
  }

  /// Writes pages and the index.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments in the database.
  ///   - selection: Names of the experiments whose pages are written; empty means all.
  ///   - runs: All runs of the database, to name the code and machine behind reused attempts.
  ///   - tell: Is called with each thing that a page wants and the results cannot have, such as a misspelt metric.
  /// - Returns: The paths of the files written, pictures before their page, the index last.
  /// - Throws: `ReportError` with code `.badSection`, `.unknownExperiment` or `.notWritable`; a bad section of one experiment
  ///   is thrown before anything is written.
  @discardableResult
  public func build(
    _ experiments: [ExperimentResults], selection: [String] = [], runs: [RunSummary] = [],
    tell: (String) -> Void = { _ in }
  ) throws(ReportError) -> [String] {
    let site = try ReportSite(experiments, selection: selection, runs: runs)
    for page in site.pages { for mistake in page.metricMistakes { tell("experiment \(page.name): \(mistake)") } }
    var written: [String] = []
    for page in site.pages {
      // Pictures first, so that a page never points at a picture that is not there yet.
      for file in ReportSite.files(of: page, formats: formats) { try write(file, &written) }
    }
    for file in site.commonFiles(formats: formats, hasPage: { hasPage($0, $1) }) { try write(file, &written) }
    return written
  }

  /// Compares the pages in the folder with what the results say now, without writing.
  ///
  /// Only files that are there are compared; their formats are found by looking.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments in the database.
  ///   - selection: Names of the experiments whose pages are compared; empty means all.
  ///   - runs: All runs of the database.
  /// - Returns: One sentence for each file that differs, with the first line that does; empty if all are as they should be.
  /// - Throws: `ReportError` with code `.badSection`, `.unknownExperiment`, or `.notPublished` if there is no page at all.
  public func differences(
    _ experiments: [ExperimentResults], selection: [String] = [], runs: [RunSummary] = []
  ) throws(ReportError) -> [String] {
    let site = try ReportSite(experiments, selection: selection, runs: runs)
    var differences: [String] = []
    var compared = 0
    func compare(_ files: [ReportFile]) {
      for file in files {
        let path = "\(output)/\(file.path)"
        guard access(path, F_OK) == 0 else {
          differences.append("\(path) is missing; write it with `report build`")
          continue
        }
        compared += 1
        guard let stored = try? WholeFile.read(path, limit: 1 << 28) else {
          differences.append("\(path) cannot be read")
          continue
        }
        if let place = ReportFile.firstDifference(stored, file.bytes) { differences.append("\(path) \(place)") }
      }
    }
    for page in site.pages {
      let present = ReportFormat.allCases.filter { hasPage(page.name, $0) }
      compare(ReportSite.files(of: page, formats: present))
    }
    if selection.isEmpty {
      let present = [ReportFormat.markdown, .html].filter { hasPage("index", $0) }
      compare(site.commonFiles(formats: present, hasPage: { hasPage($0, $1) }))
    }
    guard compared > 0 else {
      throw ReportError(
        .notPublished,
        "there is no page to compare with in \(output); write some with `report build --output \(output)`")
    }
    return differences
  }

  /// Returns the metrics that the common pages need of an experiment whose own page is not asked for: those of its claims.
  ///
  /// - Parameter experiment: Its results, samples are not looked at.
  /// - Returns: Names of metrics; none if it has no claim or its report section is wrong.
  public static func metricsOfClaims(of experiment: ExperimentResults) -> Set<String> {
    let section = try? ReportSection(storedSpec: experiment.spec)
    let tests = section?.claims.flatMap(\.tests) ?? []
    return Set(tests.flatMap { [$0.quantity.source.metric, $0.against?.source.metric].compactMap(\.self) })
  }

  private func hasPage(_ name: String, _ format: ReportFormat) -> Bool {
    FileName(name) != nil && access("\(output)/\(name).\(format.fileEnding)", F_OK) == 0
  }

  private func write(_ file: ReportFile, _ written: inout [String]) throws(ReportError) {
    let path = "\(output)/\(file.path)"
    try OutputFile.write(file.bytes, to: path)
    written.append(path)
  }
}
