import ArgumentParser
import JobGraph
import Printing
import ResultsStore
import RunSession

/// Explains why a job would run.
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Explain why a job would run, or why not, naming what has changed.")

  @OptionGroup var spec: SpecOptions
  @Argument(help: "The job's number, as 'orchestrate plan' shows it.")
  var job: Int
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  func run() async throws {
    try await reportingFailures(spec.changes.format) {
      let planner = ExperimentPlanner(
        projectRoot: project.root, results: store.results, display: TerminalDisplay(spec.changes.format))
      let (plan, scene) = try await planner.plan(spec.request)
      guard plan.jobs.indices.contains(job) else {
        throw CommandFailure("there is no job \(job); \(plan.experimentName) has jobs 0 to \(plan.jobs.count - 1)")
      }
      let history = try StoreHistory(try store.openIfPresent(), plan: plan, scene: scene, timings: .unfinished)
      let statuses = plan.statuses(of: history.decisions())
      try Terminal.write(plan.why(job, statuses: statuses) + InputListing(history).text(of: plan.jobs[job]))
    }
  }
}
