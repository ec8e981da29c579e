import ArgumentParser
import AttemptModel
import Printing
import ResultsStore

/// `report list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments in the database with the state of their latest run.")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    try database.withStore { store in
      let latest = Dictionary(try store.runs().map { ($0.experiment, $0) }, uniquingKeysWith: { first, _ in first })
      let runs = latest.values.sorted { $0.experiment < $1.experiment }
      let width = runs.map(\.experiment.count).max() ?? 0
      let lines = runs.map { run in
        let whole = run.jobCounts.values.reduce(0, +)
        let done = run.jobCounts.filter(\.key.hasResult).values.reduce(0, +)
        let name = run.experiment + String(repeating: " ", count: width - run.experiment.count)
        return "\(name)  run \(run.id)  \(run.state.name)  \(done) of \(whole) jobs have results".printableLine + "\n"
      }
      try Terminal.write(lines.isEmpty ? "The database holds no run yet.\n" : lines.joined())
    }
  }
}
