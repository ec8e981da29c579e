import AttemptModel
import ExperimentSpec
package import ResultsStore
package import Scheduling
import SeriesReview

/// Learns what timings on this machine can tell apart: runs that time something against itself, and against itself made slower.
///
/// The runs belong to an experiment of their own, in which more rounds make the same calibration sharper.
package struct CalibrationRounds {
  /// What is to be learned.
  package struct Request: Sendable {
    /// The spec whose timed stages are calibrated.
    package var spec: SpecRequest
    /// Names of the timed stages; all that measure no control themselves if empty.
    package var stages: [String]
    /// How often each control is measured.
    package var rounds: Int
    /// The share by which the planted slow-down is slower.
    package var slowdown: Double
    /// The chance with which the smallest slow-down is to be found.
    package var power: Double

    package init(spec: SpecRequest, stages: [String] = [], rounds: Int, slowdown: Double, power: Double) {
      self.spec = spec
      self.stages = stages
      self.rounds = rounds
      self.slowdown = slowdown
      self.power = power
    }
  }

  /// What came of it.
  package enum Outcome {
    /// What has been learned, and is stored.
    case learned([CalibrationRecord])
    /// A run did not come to a good end; nothing is stored but the runs.
    case broken(RunEnding)
  }

  /// The experiment that the runs belong to.
  private let experiment: String
  private let stages: [Stage]
  private let request: Request
  private let planner: ExperimentPlanner
  private let display: any RunDisplay

  /// Reads the spec and chooses its stages.
  ///
  /// - Throws: `SessionError`.
  package init(_ request: Request, planner: ExperimentPlanner, display: any RunDisplay) throws(SessionError) {
    let experiment = try planner.experiment(of: request.spec)
    self.experiment = Calibration.experiment(of: experiment.name)
    stages = try Self.chosen(request, of: experiment)
    self.request = request
    self.planner = planner
    self.display = display
  }

  /// Runs all rounds, and stores what can be learned from them and earlier ones.
  ///
  /// - Parameters:
  ///   - store: The database.
  ///   - options: How jobs are scheduled.
  ///   - toolVersion: The orchestrator's version.
  ///   - interruption: Ends a run early.
  ///   - whilePlanning: What an interruption does between two runs.
  /// - Returns: What has been learned, or the run that broke it off.
  /// - Throws: Whatever planning or a run throws; `SessionError` if the stages reported nothing that can be compared.
  package func run(
    in store: ResultsStore, options: Scheduler.Options, toolVersion: String, _ interruption: Interruption,
    whilePlanning: @escaping @Sendable (Interruption.Level) -> Void
  ) async throws -> Outcome {
    for round in 1...request.rounds {
      for slowdown in [nil, request.slowdown] {
        display.show(.round(round, of: request.rounds, slowdown: slowdown))
        interruption.onRaise(whilePlanning)
        let prepared = try await planner.prepare(spec(measuring: slowdown))
        let ending: RunEnding
        do {
          let selection = try planner.selection(of: prepared.plan, by: stages.map { "stage=\($0.name)" })
          let choices = ExperimentRun.Choices(selection: selection, options: options, toolVersion: toolVersion)
          ending = try await ExperimentRun(prepared, choices, store: store, display: display).execute(interruption)
        } catch {
          await prepared.machine.executor.shutDown()
          throw error
        }
        guard ending.end == .finished else { return .broken(ending) }
      }
    }
    let records = try Calibration.records(of: experiment, in: store, power: request.power)
    guard !records.isEmpty else { throw SessionError.unpairedTimings(stages: stages.map(\.name)) }
    try store.insert(records)
    return .learned(records)
  }

  private static func chosen(_ request: Request, of experiment: Experiment) throws(SessionError) -> [Stage] {
    let timed = experiment.stages.filter { $0.lane == .timed }
    guard !timed.isEmpty else { throw .nothingTimed(spec: request.spec.path) }
    if let unknown = request.stages.first(where: { name in !timed.contains { $0.name == name } }) {
      throw .unknownTimedStage(name: unknown, spec: request.spec.path, known: timed.map(\.name))
    }
    if !request.stages.isEmpty { return timed.filter { request.stages.contains($0.name) } }
    let ordinary = timed.filter { $0.measurement?.control == nil }
    return ordinary.isEmpty ? timed : ordinary
  }

  /// The spec with a control in place of what it measures, under a name of its own and without claims to judge.
  private func spec(measuring slowdown: Double?) -> SpecRequest {
    // In a fixed order the thing that all are compared with is measured first.
    let members = ["control=\(slowdown.map { "\($0)" } ?? "\"identity\"")", "order=abba"]
    let places = ["measurement"] + stages.filter { $0.measurement != nil }.map { "stages.\($0.name).measurement" }
    let report = #"report={"introduction":"Timings of controls, see `orchestrate calibrate`."}"#
    var spec = request.spec
    spec.overrides += ["name=\(experiment)", report] + places.flatMap { place in members.map { "\(place).\($0)" } }
    // A stage that measures the same control of the same thing is not among the chosen ones.
    spec.ignored = [.sameWork]
    return spec
  }
}
