import ArgumentParser
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
    try database.withExperiments { results, runs in
      let check = try ReportCheck(results, selection: experiments)
      for line in check.lines { print(line) }
      if check.lines.isEmpty { print("No claim and no margin is declared.") }
      code = check.exitCode
      try database.withStore { store in
        for line in ReportCheck.calibrations(of: results, selection: experiments, in: try store.calibrations()) {
          print(line)
        }
      }
      guard let published else { return }
      let differences = try ReportBuilder(output: published).differences(results, selection: experiments, runs: runs)
      for difference in differences { print("regression    \(difference)") }
      if !differences.isEmpty { code = 1 }
    }
    if code != 0 { throw ExitCode(code) }
  }
}
