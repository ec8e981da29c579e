import ArgumentParser
import CommandEntry
import Printing
import SystemLimits

/// The `report` command.
@main
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Turns the results database into tables, charts and figures, and judges the claims of specs.",
    discussion: "The same database gives the same bytes. Results come from `orchestrate run SPEC`.",
    version: "1.0.0",
    subcommands: [BuildCommand.self, CheckCommand.self, NightlyCommand.self, TraceCommand.self, ListCommand.self])

  static func main() {
    Terminal.prepare()
    SystemRoom(memoryBytes: 64 << 20, stackBytes: 512 << 10, fileCount: 16, threadCount: 4).requireOrExit()
    do {
      var command = commandOfArguments()
      try command.run()
    } catch {
      end(because: error)
    }
  }
}
