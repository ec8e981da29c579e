import ArgumentParser
import SeriesReview
import Printing
import Reporting
import ResultsStore

/// `report nightly`.
struct NightlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly",
    abstract: "Judge the latest night of an experiment by the nights before it, and write a summary.",
    discussion: """
      One line for each quantity, control and calibration; the page is NAME-summary. Exit code 0: all is steady or better; \
      1: something regressed; 3: the night is blind, or something is undecided or stale; 2: bad input.
      """)

  @OptionGroup var database: DatabaseOptions

  @Argument(help: "The experiment.")
  var experiment = "nightly"

  @Option(help: ArgumentHelp("Folder for the page.", valueName: "folder"))
  var output = "reports"

  @Option(
    name: .customLong("format"), help: "Formats, separated by commas: md, html.", transform: BuildCommand.formats)
  var format: [ReportFormat] = [.markdown, .html]

  @Option(help: "The machine's fingerprint; that of the latest night if left out.")
  var machine: String?

  @Option(help: "Accepted chance of a false alarm of a night, for all quantities together.")
  var risk = 0.01

  @Option(help: "Smallest relative change that counts.")
  var leastChange = 0.005

  func validate() throws {
    guard risk > 0, risk < 1 else { throw ValidationError("--risk must be between 0 and 1") }
    guard leastChange >= 0 else { throw ValidationError("--least-change must not be below 0") }
  }

  func run() throws {
    var code: Int32 = 0
    try database.withStore { store in
      let known = try store.experimentNames()
      guard known.contains(experiment) else {
        throw ReportError.unknown(experiment, known: known)
      }
      let review = try NightReview(
        of: experiment, in: store, machine: machine, policy: .init(risk: risk, leastChange: leastChange))
      let report = NightlyReport(review)
      try report.write(to: output, formats: format)
      try Terminal.write(report.lines.map { $0.printableLine + "\n" }.joined())
      code = review.exitCode
    }
    if code != 0 { throw ExitCode(code) }
  }
}
