import ArgumentParser

/// The command line of the orchestrator.
struct Orchestrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Runs experiments described in JSON and keeps their results in a database.",
    discussion: """
      A spec becomes a graph of jobs; what has a result is reused, the rest runs, and everything measured lands in
      results/results.sqlite. 'report build' makes tables and charts of it.

      Exit status: 0 all jobs have a result, 1 some failed or the machine does not let them run, 2 the spec or the input is
      wrong or results cannot be written, 130 interrupted.
      """,
    version: toolVersion,
    subcommands: [
      RunCommand.self, PlanCommand.self, ValidateCommand.self, SchemaCommand.self, WhyCommand.self, RunsCommand.self,
      ShowCommand.self,
      LogsCommand.self, QueryCommand.self, ExportCommand.self, MergeCommand.self, InvalidateCommand.self,
      CalibrateCommand.self, BaselineCommand.self, VerifyCommand.self, BackupCommand.self, RecoverCommand.self,
      CollectGarbageCommand.self, SelftestCommand.self,
    ])

  /// The orchestrator's version, recorded with every run.
  static let toolVersion = "0.1.0"
}
