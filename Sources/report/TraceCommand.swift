import ArgumentParser
import Reporting

/// `report trace`.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "List the attempts, code, machines and samples behind one number.",
    discussion: """
      Addresses are EXPERIMENT:TABLE:ROW:COLUMN, EXPERIMENT:CHART:X:SERIES or EXPERIMENT:CLAIM, as `report check`, the CSV files \
      and the end of HTML pages show them: exp1:table1:2:ssim, exp1:table1:mean:time.priorbrush, exp1:C16.
      """)

  @OptionGroup var database: DatabaseOptions

  @Argument(help: "The number's address.")
  var address: String

  func run() throws {
    try database.withExperiments { results, runs in
      print(try ReportTrace(address, in: results, runs: runs).text, terminator: "")
    }
  }
}
