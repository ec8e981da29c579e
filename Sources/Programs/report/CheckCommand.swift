import ArgumentParser
import Printing
import Reporting
import ResultsStore

/// `report check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Print the verdict on every claim and published cell.",
    discussion: """
      One line each: the verdict, the address for `report trace`, what was measured. Exit code 0: all hold; 1: some are refuted, \
      or a published page differs; 3: some are undecided; 2: bad input. What is not testable here does not count.
      """)

  @OptionGroup var database: DatabaseOptions

  @Option(
    help: ArgumentHelp(
      "Folder of pages that must be what the results say, such as reports/published.", valueName: "folder"))
  var published: String?

  @Argument(help: "Experiments that are judged; all if none is named.")
  var experiments: [String] = []

  func run() throws {
    var code: Int32 = 0
    try database.withStore { store in
      let results = try store.experiments(selection: experiments)
      let check = try ReportCheck(results, selection: experiments)
      try show(check.lines.isEmpty ? ["No claim and no margin is declared."] : check.lines)
      code = check.exitCode
      try show(ReportCheck.calibrations(of: results, selection: experiments, in: try store.calibrations()))
      guard let published else { return }
      let builder = ReportBuilder(output: published)
      let differences = try builder.differences(results, selection: experiments, runs: try store.runs())
      try show(differences.map { "regression    \($0)" })
      if !differences.isEmpty { code = 1 }
    }
    if code != 0 { throw ExitCode(code) }
  }

  private func show(_ lines: [String]) throws(OutputError) {
    try Terminal.write(lines.map { $0.printableLine + "\n" }.joined())
  }
}
