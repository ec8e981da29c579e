import ArgumentParser
import Printing
import Reporting
import ResultsStore

/// `report build`.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Write the pages of all experiments, or of those named, and the index.",
    discussion: """
      Exit code 0: all is written; 1: all is written, but a page wants a metric that its stage does not report; 2: bad input.
      """)

  @OptionGroup var database: DatabaseOptions

  @Option(help: ArgumentHelp("Folder for the pages.", valueName: "folder"))
  var output = "reports"

  @Option(
    name: .customLong("format"), help: "Formats, separated by commas: md, html, latex, csv.",
    transform: BuildCommand.formats)
  var format: [ReportFormat] = [.markdown]

  @Argument(help: "Experiments whose pages are written; all if none is named.")
  var experiments: [String] = []

  @Sendable
  static func formats(_ text: String) throws -> [ReportFormat] {
    try text.split(separator: ",").map { word in
      guard let format = ReportFormat(rawValue: String(word)) else {
        let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no format '\(word)'; expected \(known)")
      }
      return format
    }
  }

  func run() throws {
    var mistakes: [String] = []
    try database.withStore { store in
      let results = try store.experiments(selection: experiments)
      let builder = ReportBuilder(output: output, formats: format)
      let written = try builder.build(results, selection: experiments, runs: try store.runs()) { mistakes.append($0) }
      for path in written where ReportFormat.allCases.contains(where: { path.hasSuffix(".\($0.fileEnding)") }) {
        try Terminal.write(path + "\n")
      }
    }
    for mistake in mistakes { Terminal.writeError("report: \(mistake)\n") }
    if !mistakes.isEmpty { throw ExitCode(1) }
  }
}
