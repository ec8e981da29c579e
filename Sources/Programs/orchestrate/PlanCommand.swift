import ArgumentParser
import Digest
import JobGraph
import Printing
import ResultsStore
import RunSession

/// Shows what a run would do, and how plans differ.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show every job of an experiment with the reason it would run; runs nothing.",
    discussion: "'orchestrate plan SPEC' is short for 'orchestrate plan show SPEC'.",
    subcommands: [ShowPlanCommand.self, ComparePlansCommand.self], defaultSubcommand: ShowPlanCommand.self)
}

/// Shows what a run would do.
struct ShowPlanCommand: AsyncParsableCommand {
  /// How the graph is drawn.
  enum Drawing: String, ExpressibleByArgument, CaseIterable {
    case text, dot, svg, json
  }

  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every job with the reason it would run, and how long that takes.")

  @OptionGroup var spec: SpecOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  @Option(help: "How the graph is drawn: text, dot or svg; json is the frozen plan itself.")
  var graph: Drawing = .text

  @Flag(help: "List every job, also in large plans.")
  var all = false

  @Flag(help: "List what each job depends on: the files, programs, packages and variables that are watched.")
  var inputs = false

  func run() async throws {
    try await reportingFailures(spec.changes.format) {
      let planner = ExperimentPlanner(
        projectRoot: project.root, results: store.results, display: TerminalDisplay(spec.changes.format))
      let (plan, scene) = try await planner.plan(spec.request)
      let selected = try planner.selection(of: plan, by: selection.conditions)
      switch graph {
      case .dot: try Terminal.write(data: plan.dot(of: selected))
      case .svg: try Terminal.write(data: plan.svg(of: selected))
      case .json: try Terminal.write(data: plan.canonicalJSON + "\n")
      case .text: try printText(plan, scene, selected)
      }
    }
  }

  private func printText(_ plan: Plan, _ scene: InputScene, _ selected: JobSelection?) throws {
    let store = try store.openIfPresent()
    let history = try StoreHistory(store, plan: plan, scene: scene, timings: .unfinished)
    let jobs = plan.jobs.filter { selected?.isIncluded[$0.index] ?? true }
    let limit = all ? Int.max : 200
    // Reasons are looked up in the history of each job, so only for those that are listed.
    let listed = Set(jobs.prefix(limit).map(\.index))
    let statuses = plan.statuses(of: history.decisions(reasonsFor: listed.contains))
    let listing = inputs ? InputListing(history) : nil
    var text = plan.graphText(of: selected) + "\n"
    for job in jobs.prefix(limit) {
      text += "\(plan.label(ofJob: job.index)): \(statuses[job.index].text)\n\(listing?.text(of: job) ?? "")"
    }
    if jobs.count > limit { text += "… and \(jobs.count - limit) more; --all lists them\n" }
    for damage in history.damages { text += "warning: \(damage); it would be made anew\n" }
    let runs = plan.jobs.map { statuses[$0.index].runs && selected?.isIncluded[$0.index] ?? true }
    let open = plan.jobs.count { runs[$0.index] && statuses[$0.index].isUndecided }
    text += "\n\(runs.count { $0 } - open) of \(jobs.count) jobs would run"
    if open > 0 { text += ", and \(open) more unless what they need is made as before" }
    scene.keepDigests()
    if let known = try store?.estimatedDurations(experiment: plan.experimentName), !known.isEmpty {
      text += estimate(PlanEstimate(of: plan, runs: runs, stageSeconds: known))
    }
    try Terminal.write(text + "\nplan \(plan.hash.hex.prefix(12))\n")
  }

  private func estimate(_ estimate: PlanEstimate) -> String {
    guard estimate.workSeconds > 0 else { return "" }
    var text = ", about \(DurationText.text(seconds: estimate.workSeconds)) of work by earlier runs"
    text += ", \(DurationText.text(seconds: estimate.wallSeconds)) on this machine"
    if !estimate.unknownStages.isEmpty {
      text += "\nno history of \(estimate.unknownStages.joined(separator: ", ")): each job is taken as 1 s"
    }
    return text
  }
}

/// Shows how two plans differ.
struct ComparePlansCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show which jobs two plans do not share, and what has moved.",
    discussion: """
      A plan is a spec, planned as it is now, or the hash of the plan of an earlier run (its first six digits or more). A single
      spec is compared with the plan of the latest run of its experiment.
      """)

  @Argument(help: "A spec or the hash of a stored plan.", completion: .file(extensions: ["json"]))
  var first: String
  @Argument(help: "Another one.", completion: .file(extensions: ["json"]))
  var second: String?
  @OptionGroup var changes: ChangeOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  @Flag(help: "List every job, also in large plans.")
  var all = false

  func run() async throws {
    try await reportingFailures(changes.format) {
      let plans = StoredPlans(try store.openIfPresent())
      let earlier: Plan
      let later: Plan
      if let second {
        earlier = try await plan(first, plans)
        later = try await plan(second, plans)
      } else {
        later = try await plan(first, plans)
        earlier = try plans.latest(of: later.experimentName)
      }
      let difference = PlanDifference(from: earlier, to: later)
      try Terminal.write(
        """
        from \(name(of: earlier)) to \(name(of: later))
        \(difference.text(from: earlier, to: later, limit: all ? .max : 200))
        """)
    }
  }

  /// Overrides hold for all specs that are named.
  private func plan(_ text: String, _ plans: StoredPlans) async throws -> Plan {
    if StoredPlans.isHashPrefix(text), !text.hasSuffix(".json") { return try plans.plan(text) }
    let planner = ExperimentPlanner(
      projectRoot: project.root, results: store.results, display: TerminalDisplay(changes.format))
    return try await planner.plan(SpecRequest(path: text, overrides: changes.overrides)).plan
  }

  private func name(of plan: Plan) -> String { "plan \(plan.hash.hex.prefix(12)) of \(plan.experimentName)" }
}
