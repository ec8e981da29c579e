import ArgumentParser
import ExperimentSpec
import Foundation
import JobGraph
import SeriesReview
import Printing
import ResultsStore
import RunSession
import Scheduling

/// Learns what timings on this machine can tell apart.
struct CalibrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract:
      "Measure how often comparisons on this machine raise a false alarm, and the smallest slow-down they find.",
    discussion: """
      Every round runs the timed stages of the spec, once timing the first thing against itself and once against itself made slower by
      --slowdown. The runs belong to the experiment NAME-calibration; more rounds later make the same calibration sharper. The result is stored
      for this machine; 'orchestrate show', 'report check' and nightly pages quote it.
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var project: ProjectOptions

  @Option(
    name: .customLong("stage"), parsing: .singleValue,
    help: "A timed stage to calibrate; may be repeated. All that measure no control themselves if left out.")
  var stages: [String] = []

  @Option(help: "How often each control is measured.")
  var rounds = 10

  @Option(help: "The share by which the planted slow-down is slower.")
  var slowdown = 0.05

  @Option(help: "The chance with which the smallest slow-down is to be found.")
  var power = 0.8

  func validate() throws {
    guard rounds >= 1 else { throw ValidationError("--rounds must be at least 1") }
    guard slowdown > 0, slowdown.isFinite else { throw ValidationError("--slowdown must be above 0, such as 0.05") }
    guard power > 0, power < 1 else { throw ValidationError("--power must be between 0 and 1") }
  }

  func run() async throws {
    let interruption = Interruption()
    try await reportingFailures {
      let experiment = try spec.request.experiment()
      let name = Calibration.experiment(of: experiment.name)
      let stages = try chosen(of: experiment)
      let store = try store.openForRun()
      for round in 1...rounds {
        for control in ["\"identity\"", "\(slowdown)"] {
          let what = control == "\"identity\"" ? "against itself" : "against a slow-down of \(slowdown)"
          Terminal.writeError("round \(round) of \(rounds), \(what)\n")
          let status = try await measure(
            stages, overrides: overrides(name, stages, control: control), store, interruption)
          if status != 0 { throw ExitCode(status) }
        }
      }
      try finish(name, stages: stages.map(\.name), store)
    }
  }

  private func chosen(of experiment: Experiment) throws -> [Stage] {
    let timed = experiment.stages.filter { $0.lane == .timed }
    guard !timed.isEmpty else {
      throw CommandFailure(
        "error: \(spec.spec) has no timed stage, so there is nothing to calibrate; add \"lane\": \"timed\" to a stage")
    }
    if let unknown = stages.first(where: { name in !timed.contains { $0.name == name } }) {
      let known = timed.map(\.name).joined(separator: ", ")
      throw CommandFailure("error: \(spec.spec) has no timed stage '\(unknown)'; it has \(known)")
    }
    if !stages.isEmpty { return timed.filter { stages.contains($0.name) } }
    let ordinary = timed.filter { $0.measurement?.control == nil }
    return ordinary.isEmpty ? timed : ordinary
  }

  /// The spec with a control in place of what it measures, under a name of its own and without claims to judge.
  private func overrides(_ name: String, _ stages: [Stage], control: String) -> [String] {
    // In a fixed order the thing that all are compared with is measured first.
    let members = ["control=\(control)", "order=abba"]
    let places = ["measurement"] + stages.filter { $0.measurement != nil }.map { "stages.\($0.name).measurement" }
    let report = #"report={"introduction":"Timings of controls, see `orchestrate calibrate`."}"#
    return spec.changes.overrides + ["name=\(name)", report]
      + places.flatMap { place in members.map { "\(place).\($0)" } }
  }

  /// Runs the timed stages and what they need, as 'orchestrate run' does.
  private func measure(
    _ stages: [Stage], overrides: [String], _ store: ResultsStore, _ interruption: Interruption
  ) async throws -> Int32 {
    interruption.onRaise { _ in
      Terminal.writeError("interrupted between two runs\n")
      Terminal.flush()
      _exit(130)
    }
    // A stage that measures the same control of the same thing is not among the chosen ones.
    let request = SpecRequest(
      path: spec.spec, overrides: overrides, format: spec.changes.format, ignored: [.sameWork])
    let prepared = try await ExperimentPlanner(projectRoot: project.root, results: self.store.results).prepare(request)
    do {
      let (selection, diagnostics) = prepared.plan.selection(stages.map { "stage=\($0.name)" })
      try spec.changes.format.check(diagnostics)
      let run = try ExperimentRun(
        prepared, selection, store: store, projectRoot: project.root, timings: .unfinished,
        failurePolicy: .failFast)
      return try await run.execute(interruption)
    } catch {
      await prepared.executor.shutDown()
      throw error
    }
  }

  private func finish(_ name: String, stages: [String], _ store: ResultsStore) throws {
    let records = try Calibration.records(of: name, in: store, power: power)
    guard !records.isEmpty else {
      throw CommandFailure(
        "error: \(stages.joined(separator: ", ")) reported no paired timings: samples of two metrics or more with 'position' "
          + "and 'block', see Docs/WorkerProtocol.md")
    }
    try store.insert(records)
    for record in records { try Terminal.write("\(record.summary)\n") }
  }
}
