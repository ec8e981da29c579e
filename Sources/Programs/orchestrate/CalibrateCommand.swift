import ArgumentParser
import Foundation
import Printing
import RunSession
import Scheduling
import SeriesReview

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
    try await reportingFailures(spec.changes.format) {
      let display = TerminalDisplay(spec.changes.format)
      let planner = ExperimentPlanner(projectRoot: project.root, results: store.results, display: display)
      let request = CalibrationRounds.Request(
        spec: spec.request, stages: stages, rounds: rounds, slowdown: slowdown, power: power)
      let calibration = try CalibrationRounds(request, planner: planner, display: display)
      let store = try store.openForRun()
      let outcome = try await calibration.run(
        in: store,
        options: .init(projectRoot: project.root, failurePolicy: .failFast, admission: TimedAdmission()),
        toolVersion: Orchestrate.toolVersion, interruption
      ) { _ in
        Terminal.writeError("interrupted between two runs\n")
        Terminal.flush()
        _exit(130)
      }
      switch outcome {
      case .broken(let ending): throw ExitCode(ending.status)
      case .learned(let records): for record in records { try Terminal.write("\(record.summary)\n") }
      }
    }
  }
}
