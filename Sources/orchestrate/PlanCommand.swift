import ArgumentParser
import Digest
import ExperimentSpec
import JobGraph
import ResultsStore
import Scheduling

/// Shows what a run would do.
struct PlanCommand: AsyncParsableCommand {
  /// How the graph is drawn.
  enum Drawing: String, ExpressibleByArgument, CaseIterable {
    case text, dot, svg
  }

  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show every job of an experiment with the reason it would run; runs nothing.")

  @OptionGroup var spec: SpecOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  @Option(help: "How the graph is drawn: text, dot or svg.")
  var graph: Drawing = .text

  @Flag(help: "List every job, also in large plans.")
  var all = false

  func run() async throws {
    try await reportingFailures {
      let prepared = try await ExperimentPlanner(spec: spec, projectRoot: project.root).prepare()
      await prepared.executor.shutDown()
      let plan = prepared.plan
      switch graph {
      case .dot: Terminal.write(plan.dot())
      case .svg: Terminal.write(plan.svg())
      case .text: try printText(plan)
      }
    }
  }

  private func printText(_ plan: Plan) throws {
    let store = try store.openIfPresent()
    let statuses = plan.statuses(history: try StoreHistory(store, plan: plan, timings: .unfinished))
    var text = plan.graphText + "\n"
    let limit = all ? Int.max : 200
    for (job, status) in zip(plan.jobs, statuses).prefix(limit) {
      text += "\(plan.label(ofJob: job.index)): \(status.text)\n"
    }
    if plan.jobs.count > limit { text += "… and \(plan.jobs.count - limit) more; --all lists them\n" }
    let running = zip(plan.jobs, statuses).filter { $0.1.runs }.map(\.0)
    text += "\n\(running.count) of \(plan.jobs.count) jobs would run"
    if let expected = try store?.estimatedDurations(experiment: plan.experimentName), !expected.isEmpty {
      let seconds = running.reduce(0) { $0 + (expected[$1.stage] ?? 1) }
      text += ", about \(DurationText.text(seconds: seconds)) of work by earlier runs"
    }
    Terminal.write(text + "\nplan \(plan.hash.hex.prefix(12))\n")
  }
}

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
    try await reportingFailures {
      let prepared = try await ExperimentPlanner(spec: spec, projectRoot: project.root).prepare()
      await prepared.executor.shutDown()
      let plan = prepared.plan
      guard plan.jobs.indices.contains(job) else {
        throw CommandFailure("there is no job \(job); \(plan.experimentName) has jobs 0 to \(plan.jobs.count - 1)")
      }
      let history = try StoreHistory(try store.openIfPresent(), plan: plan, timings: .unfinished)
      Terminal.write(plan.why(job, statuses: plan.statuses(history: history)))
    }
  }
}

/// Checks a spec.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check specs without running or planning anything.")

  @Argument(help: "The specs.", completion: .file(extensions: ["json"]))
  var specs: [String]
  @Option(help: "How mistakes are printed: text or json.")
  var format: SpecOptions.Format = .text

  func run() async throws {
    try await reportingFailures {
      var failures: [String] = []
      for path in specs {
        var options = SpecOptions()
        (options.spec, options.overrides, options.format) = (path, [], format)
        do {
          let experiment = try options.experiment()
          Terminal.write("\(path): '\(experiment.name)' is well formed, \(experiment.stages.count) stages\n")
        } catch let failure as CommandFailure {
          failures.append(failure.description)
        }
      }
      if !failures.isEmpty { throw CommandFailure(failures.joined(separator: "\n")) }
    }
  }
}
