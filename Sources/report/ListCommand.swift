import ArgumentParser
import ResultsStore

/// `report list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments in the database with the state of their latest run.")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    try database.withExperiments { experiments, _ in
      let width = experiments.map(\.name.count).max() ?? 0
      for results in experiments {
        let done = results.jobs.count { $0.state == "done" || $0.state == "reused" }
        let name = results.name + String(repeating: " ", count: width - results.name.count)
        print(
          "\(name)  run \(results.run.id)  \(results.run.state)  \(done) of \(results.jobs.count) jobs have results")
      }
      if experiments.isEmpty { print("The database holds no run yet.") }
    }
  }
}
