import ArgumentParser
import Foundation
import Glibc
import JobGraph
import Printing
import ResultsStore
import RunSession
import Scheduling

/// Runs an experiment.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run an experiment: everything that has no result yet, and all timings.",
    discussion: """
      A job whose fingerprint (what it runs, parameters, inputs) has a result is not run again. Timings are measured anew in
      every run, unless the last run of the same plan did not come to its end: then this one goes on where that one stopped.

      Instead of a spec, --plan names the frozen plan of an earlier run, which is taken up whatever has become of the spec.
      """)

  @Argument(help: "The experiment's spec, a JSON file.", completion: .file(extensions: ["json"]))
  var spec: String?

  @Option(help: "The hash of the plan of an earlier run, or its first digits: run that instead of a spec.")
  var plan: String?

  @OptionGroup var changes: ChangeOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  @Flag(help: "Use timings of earlier runs on this machine.")
  var reuseTimings = false

  @Flag(help: "Measure all timings anew, even those of an interrupted run.")
  var fresh = false

  @Flag(help: "After a failure, run everything that does not depend on it (the default).")
  var keepGoing = false

  @Flag(help: "Start nothing new after the first failure.")
  var failFast = false

  @Option(help: "Start nothing new after this many failures.")
  var maxFailures: Int?

  @Option(
    help: ArgumentHelp(
      "Share the pool 'cpu' with builds inside commands (make -j, ninja, cargo) and with a make that calls orchestrate.",
      discussion: "auto: unless the installed make is older than 4.4, which cannot read the offer."))
  var jobserver: JobserverMode = .auto

  func validate() throws {
    if (spec == nil) == (plan == nil) { throw ValidationError("name either a spec or a plan, as in --plan 1f3a99c2") }
    if plan != nil && !changes.overrides.isEmpty {
      throw ValidationError("--set changes a spec; a frozen plan stays as it is")
    }
    if reuseTimings && fresh { throw ValidationError("--reuse-timings and --fresh exclude each other") }
    if [keepGoing, failFast, maxFailures != nil].count(where: \.self) > 1 {
      throw ValidationError("--keep-going, --fail-fast and --max-failures exclude each other")
    }
    if let maxFailures, maxFailures < 1 { throw ValidationError("--max-failures must be at least 1") }
  }

  func run() async throws {
    let interruption = Interruption()
    // Until the first job can start there is nothing to drain.
    interruption.onRaise { _ in
      Terminal.writeError("interrupted before the first job\n")
      Terminal.flush()
      _exit(130)
    }
    try await reportingFailures(changes.format) {
      let display = TerminalDisplay(changes.format)
      let planner = ExperimentPlanner(projectRoot: project.root, results: store.results, display: display)
      let prepared = try await prepare(with: planner)
      do {
        let selected = try planner.selection(of: prepared.plan, by: selection.conditions)
        let store = try store.openForRun()
        let choices = ExperimentRun.Choices(
          selection: selected, timings: fresh ? .none : reuseTimings ? .sameMachine : .unfinished,
          options: .init(
            projectRoot: project.root, failurePolicy: failurePolicy,
            jobserver: try jobserver.jobserver(for: prepared.plan), admission: TimedAdmission()),
          toolVersion: Orchestrate.toolVersion)
        let run = try ExperimentRun(prepared, choices, store: store, display: display)
        let ending = try await run.execute(interruption)
        if ending.status != 0 { throw ExitCode(ending.status) }
      } catch {
        await prepared.machine.executor.shutDown()
        throw error
      }
    }
  }

  private func prepare(with planner: ExperimentPlanner) async throws -> PreparedPlan {
    if let plan {
      let store = try store.openIfPresent()
      return try await planner.prepare(try StoredPlans(store).plan(plan), of: store)
    }
    return try await planner.prepare(SpecRequest(path: spec ?? "", overrides: changes.overrides))
  }

  private var failurePolicy: FailurePolicy {
    if failFast { return .failFast }
    return maxFailures.map { .maximumFailures($0) } ?? .keepGoing
  }
}
