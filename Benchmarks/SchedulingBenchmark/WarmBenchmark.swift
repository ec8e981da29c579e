import AttemptModel
import Foundation
import JSON
import JobGraph
import Scheduling
import Synchronization

/// Tasks that do nothing, on warm workers: what a request over the protocol costs.
enum WarmBenchmark {
  private static let worker = WorkerDefinition(
    command: [ProgramLocation.executableDirectory + "/SchedulingBenchmark", "echo-worker"], count: 2)

  static func run(count: Int = 20_000) async throws {
    let table = BenchmarkTable(
      "Warm worker requests: \(count) tasks that do nothing", ["way", "workers", "requests", "each"])
    for workers in [1, 2] {
      let elapsed = try await pool(count, workers: workers)
      table.row("worker pool alone", "\(workers)", rate(Double(count) / elapsed), each(elapsed, count))
    }
    for workers in [1, 2] {
      let elapsed = try await scheduled(count, workers: workers)
      table.row("scheduler and pool", "\(workers)", rate(Double(count) / elapsed), each(elapsed, count))
    }
    table.end("The worker is a Swift program over `WorkerServer`. Target: 10,000 requests a second.")
    let jobs = 100_000
    let elapsed = try await scheduled(jobs, workers: 2)
    let last = BenchmarkTable("End to end: \(jobs) jobs through scheduler, queue and workers", ["time", "jobs"])
    last.row(String(format: "%.1f s", elapsed), rate(Double(jobs) / elapsed))
    last.end("Planning and the database are not included.")
  }

  private static func each(_ elapsed: Double, _ count: Int) -> String {
    String(format: "%.0f µs", elapsed / Double(count) * 1e6)
  }

  /// As many requests on their way as there are workers.
  private static func pool(_ count: Int, workers: Int) async throws -> Double {
    let folder = try BenchmarkFolder()
    var definition = worker
    definition.count = workers
    let supervisor = ProcessSupervisor()
    let pool = WorkerPool(definitions: ["echo": definition], supervisor: supervisor, projectRoot: folder.path)
    let drive = Drive(pool: pool, folder: folder, count: count)
    await drive.run(from: 0, to: workers, width: workers)
    let elapsed = await seconds { await drive.run(from: workers, to: count, width: workers) }
    await pool.shutDown()
    await supervisor.shutDown()
    return elapsed
  }

  private static func scheduled(_ count: Int, workers: Int) async throws -> Double {
    let folder = try BenchmarkFolder()
    var definition = worker
    definition.count = workers
    let jobs = (0..<count).map(job)
    let plan = Plan(
      experimentName: "benchmark", canonicalSpec: "{}", trials: [Trial(index: 0, assignment: [])], jobs: jobs,
      workers: ["echo": definition], resources: ["cpu": workers])
    let supervisor = ProcessSupervisor()
    let executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: folder.path),
      workers: WorkerPool(definitions: ["echo": definition], supervisor: supervisor, projectRoot: folder.path))
    let scheduler = try Scheduler(
      plan: plan, executor: executor, recording: SharedFolder(folder), options: .init(projectRoot: folder.path))
    var result: ScheduleResult?
    let elapsed = await seconds { result = await scheduler.run() }
    precondition(result?.isComplete == true, "a task failed")
    return elapsed
  }

  static func job(_ index: Int) -> Job {
    Job(
      index: index, stage: "s", action: .task(worker: "echo", name: "echo"),
      parameters: ["index": .integer(Int64(index))],
      trials: [0], resources: ["cpu": 1], fingerprint: Fingerprint(parts: []), seed: 1)
  }

  /// Keeps a number of requests on their way.
  private final class Drive: Sendable {
    private let pool: WorkerPool
    private let place: AttemptPlace
    private let state = Mutex<(next: Int, end: Int, open: Int, done: CheckedContinuation<Void, Never>?)>((0, 0, 0, nil))

    init(pool: WorkerPool, folder: BenchmarkFolder, count: Int) {
      self.pool = pool
      place = SharedFolder.place(in: folder, id: 0)
    }

    func run(from first: Int, to end: Int, width: Int) async {
      await withCheckedContinuation { continuation in
        state.withLock { $0 = (first, end, width, continuation) }
        for _ in 0..<width { step() }
      }
    }

    private func step() {
      let (index, finished) = state.withLock { state -> (Int?, CheckedContinuation<Void, Never>?) in
        if state.next < state.end {
          state.next += 1
          return (state.next - 1, nil)
        }
        state.open -= 1
        return (nil, state.open == 0 ? state.done : nil)
      }
      finished?.resume()
      guard let index else { return }
      let attempt = AttemptRequest(job: job(index), number: 1, label: "#\(index)", inputs: [:], place: place)
      pool.start(attempt, onProgress: { _ in }) { outcome in
        precondition(outcome.exitKind == .succeeded, outcome.message ?? "failed")
        self.step()
      }
    }
  }
}

/// One folder for all attempts.
struct SharedFolder: AttemptRecording {
  private let folder: BenchmarkFolder

  init(_ folder: BenchmarkFolder) { self.folder = folder }

  static func place(in folder: BenchmarkFolder, id: Int) -> AttemptPlace {
    AttemptPlace(
      id: Int64(id), outputDirectory: folder.path, standardOutputPath: folder.path + "/out",
      standardErrorPath: folder.path + "/err",
      scratchDirectory: folder.path)
  }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace { Self.place(in: folder, id: job.index) }
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] { [:] }
}
