import AttemptModel
import ExperimentSpec
import Foundation
import JobGraph
import ResultsStore
import RunSession
import RunningFakes
import Scheduling
import Synchronization
import TestSupport
import WorkerProtocol

/// A project with a spec, and a machine that pretends to run its jobs: tasks of the worker `w`.
final class SessionFixture: Sendable {
  let folder: TemporaryFolder
  let display = EventLog()
  let clock = ManualClock()
  let store: ResultsStore

  /// Makes a project whose spec has these members besides its name and its worker.
  ///
  /// - Parameters:
  ///   - members: Members of the spec.
  ///   - onPublication: Called with the project's folder while a result is stored.
  /// - Throws: What making files and the database throws.
  init(
    _ members: String, onPublication: @escaping @Sendable (String, PublicationStep) -> Void = { _, _ in }
  ) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    store = try ResultsStore(
      path: folder.file("results/results.sqlite"), mode: .readWrite, schema: .current,
      onPublication: { [path = folder.path] in onPublication(path, $0) })
    try folder.write("echo\n", to: "worker")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.file("worker"))
    try folder.write(
      #"{ "name": "x", "workers": { "w": { "command": ["./worker"], "count": 8 } }, \#(members) }"#,
      to: "spec.json")
  }

  var spec: SpecRequest { SpecRequest(path: folder.file("spec.json")) }

  /// Plans with a machine that runs jobs by an executor and offers all tasks in one version.
  func planner(_ executor: FakeExecutor = FakeExecutor(), version: String = "1")
    -> ExperimentPlanner
  {
    ExperimentPlanner(
      projectRoot: folder.path, results: folder.file("results"), display: display,
      machine: { _, _ in FakeMachine(executor: executor, version: version) })
  }

  func options(_ policy: FailurePolicy = .keepGoing) -> Scheduler.Options {
    var options = Scheduler.Options(projectRoot: folder.path, failurePolicy: policy)
    options.clock = clock
    return options
  }

  /// Runs the spec, or a frozen plan, to its end.
  @discardableResult func run(
    _ executor: FakeExecutor = FakeExecutor(), plan: Plan? = nil, version: String = "1",
    only conditions: [String] = [],
    timings: StoreHistory.Timings = .unfinished, in store: ResultsStore? = nil,
    interruption: Interruption = Interruption(signals: [], hangUps: [])
  ) async throws -> RunEnding {
    let planner = planner(executor, version: version)
    let prepared =
      if let plan { try await planner.prepare(plan, of: store ?? self.store) } else { try await planner.prepare(spec) }
    let choices = ExperimentRun.Choices(
      selection: try planner.selection(of: prepared.plan, by: conditions), timings: timings,
      options: options(),
      toolVersion: "test")
    let run = try ExperimentRun(
      prepared, choices, store: store ?? self.store, display: display)
    return try await run.execute(interruption)
  }
}

/// A machine that has every task that tests use.
struct FakeMachine: RunMachine {
  let executor: any JobExecutor
  let version: String

  func versions(of workers: [String]) async throws -> ToolVersions {
    let tasks = Dictionary(uniqueKeysWithValues: ["make", "use", "time"].map { ($0, version) })
    return ToolVersions(tasks: Dictionary(uniqueKeysWithValues: workers.map { ($0, tasks) }))
  }

  func requirePrograms(of jobs: [Job]) throws {}
}

/// Keeps what a session tells.
final class EventLog: RunDisplay {
  private let state = Mutex<[RunEvent]>([])
  var events: [RunEvent] { state.withLock { $0 } }

  func show(_ event: RunEvent) { state.withLock { $0.append(event) } }

  /// The errors that ended a run early.
  var failures: [RecordingStopped] {
    events.compactMap { event in
      if case .step(.stopped(let failure)) = event { return failure }
      return nil
    }
  }

  /// Why each job of the latest run runs, or why not.
  var statuses: [PlanStatus] {
    for case .began(let beginning) in events.reversed() { return beginning.statuses }
    return []
  }
}

/// A success that has made the file `out` with a text.
func made(_ attempt: AttemptRequest, _ text: String = "text") -> AttemptOutcome {
  let path = "\(attempt.place.outputDirectory)/out"
  try? Data(text.utf8).write(to: URL(fileURLWithPath: path))
  return AttemptOutcome(
    .succeeded, period: AttemptPeriod().ended(),
    measurements: TaskMeasurements(artifacts: [
      .init(name: "out", path: path, mediaType: "text/plain")
    ]))
}

extension ResultsStore {
  /// How the attempts of a stage ended in a run, in order.
  func ends(ofStage stage: String, inRun run: Int64) throws -> [ExitKind?] {
    try attempts(ofRun: run).filter { $0.stage == stage }.map(\.state.exitKind)
  }
}
