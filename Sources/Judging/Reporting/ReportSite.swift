import ExperimentSpec
package import Files
package import ResultsStore

/// A file of a report.
package struct ReportFile: Sendable {
  /// Below the folder of the report, and never outside of it.
  package let path: String
  /// Its content.
  package let bytes: [UInt8]

  /// Makes a file of the report's folder, or of a folder in it.
  package init(_ name: FileName, ending: String, in folder: FileName? = nil, bytes: [UInt8]) {
    path = (folder.map { "\($0)/" } ?? "") + "\(name).\(ending)"
    self.bytes = bytes
  }

  /// Returns where two contents begin to differ, in words; `nil` if they are equal.
  package static func firstDifference(_ stored: [UInt8], _ expected: [UInt8]) -> String? {
    guard stored != expected else { return nil }
    guard !stored.contains(0), !expected.contains(0) else { return "differs from what the results say" }
    let (old, new) = (lines(stored), lines(expected))
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    func shown(_ lines: [ArraySlice<UInt8>]) -> String {
      guard line < lines.count else { return "nothing" }
      return "\"" + Markdown.shortened(String(decoding: lines[line], as: UTF8.self), to: 160) + "\""
    }
    return "differs in line \(line + 1): it says \(shown(old)), the results say \(shown(new))"
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }
}

/// The pages that every report has; no experiment may have their names.
enum CommonPage: String {
  case index, claims, audit
}

/// The pages of several experiments and those that they have in common.
package struct ReportSite: Sendable {
  /// The selected pages, by name.
  package let pages: [ReportPage]
  private let experiments: [ExperimentResults]
  private let claims: [(experiment: String, outcomes: [ClaimOutcome])]
  private let sections: [(experiment: String, section: ReportSection)]

  /// Makes the pages.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments.
  ///   - selection: Names of the experiments whose pages are wanted; empty means all.
  ///   - runs: All runs of the database.
  /// - Throws: `ReportError` with code `.badSection` or `.unknownExperiment`.
  package init(
    _ experiments: [ExperimentResults], selection: [String] = [], runs: [RunSummary] = []
  ) throws(ReportError) {
    let sorted = experiments.sorted { $0.name < $1.name }
    let known = sorted.map(\.name)
    if let unknown = selection.first(where: { !known.contains($0) }) {
      throw ReportError.unknown(unknown, known: known)
    }
    var pages: [ReportPage] = []
    var claims: [(String, [ClaimOutcome])] = []
    var sections: [(String, ReportSection)] = []
    for results in sorted {
      if selection.isEmpty || selection.contains(results.name) {
        let page = try ReportPage(results, runs: runs)
        pages.append(page)
        claims.append((results.name, page.claims))
        sections.append((results.name, page.section))
      } else if let section = try? ReportSection(storedSpec: results.spec) {
        // A mistake in a spec that nobody asked for must not stop the others.
        claims.append((results.name, ClaimOutcome.all(section, index: ResultsIndex(results))))
        sections.append((results.name, section))
      }
    }
    self.experiments = sorted
    self.pages = pages
    self.claims = claims
    self.sections = sections
  }

  private static func title(of blocks: [PageBlock]) -> String {
    if case .title(let title)? = blocks.first { return title }
    return ""
  }

  /// Returns the files of one page, pictures first.
  static func files(of page: ReportPage, formats: [ReportFormat]) -> [ReportFile] {
    Parallel.map(formats) { format in
      switch format {
      case .markdown:
        page.attachments.map { ReportFile($0.id, ending: $0.ending, in: page.file, bytes: $0.bytes) }
          + [ReportFile(page.file, ending: "md", bytes: Array(page.markdown.utf8))]
      case .html: [ReportFile(page.file, ending: "html", bytes: Array(page.html.utf8))]
      case .latex: [ReportFile(page.file, ending: "tex", bytes: Array(page.latex.utf8))]
      case .csv: [ReportFile(page.file, ending: "csv", bytes: Array(page.csv.utf8))]
      }
    }.flatMap(\.self)
  }

  /// Returns the register of claims, the audit of the paper's numbers, and the index; the first two if there is anything in
  /// them.
  func commonFiles(formats: [ReportFormat], hasPage: (String, ReportFormat) -> Bool) -> [ReportFile] {
    var files: [ReportFile] = []
    for format in formats where format == .markdown || format == .html {
      func add(_ page: CommonPage, _ title: String, _ blocks: [PageBlock]) {
        let text =
          format == .html
          ? HTMLPage.text(
            of: blocks, title: title, pages: page == .index ? [] : [("index.html", "All experiments")])
          : MarkdownPage.text(of: blocks, folder: page.rawValue)
        guard let name = FileName(page.rawValue) else { return }
        files.append(ReportFile(name, ending: format.fileEnding, bytes: Array(text.utf8)))
      }
      let register = ClaimRegister.blocks(claims) { name in
        hasPage(name, format) ? "[\(Markdown.escaped(name))](\(name).\(format.fileEnding))" : Markdown.escaped(name)
      }
      let audit = AuditPage.blocks(sections)
      if !register.isEmpty { add(.claims, Self.title(of: register), register) }
      if !audit.isEmpty { add(.audit, "The paper's own numbers", audit) }
      let names = [register.isEmpty ? nil : "claims", audit.isEmpty ? nil : "audit"].compactMap { $0 }
      let outcomes = Dictionary(claims.map { ($0.experiment, $0.outcomes) }) { first, _ in first }
      let index = IndexPage.blocks(experiments, claims: outcomes, others: names, ending: format.fileEnding) {
        hasPage($0, format)
      }
      add(.index, "Experiments", index)
    }
    return files
  }
}
