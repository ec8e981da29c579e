import ArgumentParser
import Printing
import Reporting
import ResultsStore

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
    try database.withStore { store in
      let known = try store.experimentNames()
      let name = ReportTrace.experiment(of: address)
      let results = known.contains(name) ? [try store.experimentResults(name: name)] : []
      try Terminal.write(try ReportTrace(address, in: results, runs: try store.runs(), known: known).text)
    }
  }
}
