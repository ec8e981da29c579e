import AttemptModel
import JobGraph
import JSON
import Scheduling
import Synchronization
import Testing
import WorkerProtocol
import TestSupport

@Suite struct WorkerPoolTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  private static let example = WorkerDefinition(
    command: ["python3", "\(packageFolder)/Examples/worker.py"],
    environment: ["PYTHONPATH": "\(packageFolder)/Python/src"])

  /// A worker that says hello and then runs `body` for each line, in which `id` is the request's.
  private func worker(_ body: String, count: Int = 1, environment: [String: String] = [:]) throws -> WorkerDefinition {
    let script = """
      import json, os, signal, sys, time
      def send(message):
          print(json.dumps(message), flush=True)
      print("starting up", file=sys.stderr, flush=True)
      send({"type": "hello", "protocol": 1, "name": "odd", "version": "2", "tasks": [{"name": "t", "version": "5"}]})
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          if request["type"] != "run": continue
          id = request["id"]
          mood = request["parameters"].get("mood", "")
          if mood == "good":
              send({"type": "result", "id": id, "metrics": [{"name": "pid", "value": os.getpid()}]})
              continue

      """
    let indented = body.split(separator: "\n").map { "    \($0)\n" }.joined()
    return WorkerDefinition(
      command: ["python3", try directory.write(script + indented, to: "odd.py")], count: count, environment: environment
    )
  }

  private func pool(_ workers: [String: WorkerDefinition], limits: WorkerLimits = .init(grace: .milliseconds(300)))
    -> WorkerPool
  {
    WorkerPool(definitions: workers, supervisor: ProcessSupervisor(), projectRoot: directory.path, limits: limits)
  }

  @discardableResult
  private func run(
    _ jobs: [Job], _ workers: [String: WorkerDefinition], limits: WorkerLimits = .init(grace: .milliseconds(300)),
    observer: any RunObserver = SilentObserver()
  ) async throws -> ScheduleResult {
    let scheduler = try Scheduler(
      plan: plan(jobs, pools: ["cpu": 4], workers: workers), executor: pool(workers, limits: limits),
      recording: recording, observer: observer,
      options: .init(projectRoot: directory.path, retryPolicy: .init(firstDelay: .milliseconds(1))))
    return await scheduler.run()
  }

  @Test func `the example worker computes, reports and makes artifacts`() async throws {
    let observer = ProgressObserver()
    let result = try await run(
      [
        task(0, "example", "add", parameters: ["a": 2, "b": 3]),
        task(1, "example", "estimate", parameters: ["darts": 500], measurement: ["warmup": 1, "repetitions": 3]),
        task(2, "example", "add", parameters: ["a": 2]),
      ], ["example": Self.example], limits: .init(progressInterval: .zero), observer: observer)
    #expect(result.states == [.succeeded, .succeeded, .failed])
    #expect(recording.outcome(of: 0)?.measurements.metrics == [.init(name: "sum", value: 5)])
    #expect(recording.outcome(of: 0)?.toolVersion == "example 1.0, add 1")
    let estimate = try #require(recording.outcome(of: 1))
    #expect(estimate.measurements.samples.map(\.isWarmup) == [true, false, false, false])
    #expect(estimate.measurements.samples.map(\.repetition) == [0, 0, 1, 2])
    #expect(directory.read(try #require(estimate.measurements.artifacts.first).path).hasPrefix("3."))
    #expect((estimate.resourceUsage?.maximumResidentBytes ?? 0) > 1_000_000)
    #expect(observer.seen.first?.done == 1)
    #expect(observer.seen.last?.done == 4)
    let failure = try #require(recording.outcome(of: 2))
    #expect(failure.fault == .input)
    let message = "#2 stage seed=43, attempt 1: task 'add' needs the parameter 'b', a number"
    #expect(failure.message?.hasPrefix(message) == true)
  }

  @Test func `a hello is known before any task and its worker is kept`() async throws {
    let pool = pool(["example": Self.example])
    let hello = try await pool.hello(of: "example")
    #expect(hello.tasks.map(\.name) == ["add", "estimate"])
    #expect(try await pool.hello(of: "example") == hello)
    await pool.shutDown()
  }

  @Test(arguments: [
    ("print('bye', file=sys.stderr, flush=True); os._exit(7)", "worker 'odd' ended with exit code 7", "bye"),
    ("os.kill(os.getpid(), signal.SIGSEGV)", "worker 'odd' was killed by SIGSEGV (Segmentation fault)", "starting up"),
    (
      "print('Loading…', flush=True)",
      "broke the protocol: it wrote 'Loading…' on standard output, which is no message", ""
    ),
    ("send({'type': 'result', 'id': '99-9'})", "it answered for task '99-9', which it was not running", ""),
    ("send({'type': 'result', 'id': id, 'artifacts': [{'name': 'a', 'path': 'none'}]})", "it made no file", ""),
    ("sys.stdout.write('x' * 3000000); sys.stdout.flush()", "a line is longer than 1000000 bytes", ""),
    ("os.close(1); time.sleep(600)", "it closed its standard output but did not end", ""),
    ("send({'type': 'error', 'id': id, 'kind': 'task', 'message': 'out of luck'})", "out of luck", "starting up"),
  ])
  func `an odd worker fails its attempt and the next one runs`(body: String, reason: String, log: String) async throws {
    let worker = try worker(body)
    let result = try await run(
      [task(0, "odd", "t"), task(1, "odd", "t", parameters: ["mood": "good"])], ["odd": worker],
      limits: .init(grace: .milliseconds(300), lineBytes: 1_000_000))
    #expect(result.states == [.failed, .succeeded])
    let message = try #require(recording.outcome(of: 0)?.message)
    #expect(message.contains(reason))
    #expect(message.contains(log))
    #expect(message.hasPrefix("#0 stage seed=43, attempt 1: "))
  }

  @Test func `a task past its limit is cancelled, and a worker that does not answer is killed`() async throws {
    let hanging = try worker("time.sleep(600)")
    try await run([task(0, "odd", "t", timeLimitSeconds: 0.2)], ["odd": hanging])
    let killed = try #require(recording.outcome(of: 0))
    #expect(killed.exitKind == .timedOut)
    #expect(
      killed.message?.contains(
        "exceeded its time limit of 0.2 s; worker 'odd' did not answer the cancellation and was killed") == true)
  }

  @Test func `a worker may end instead of answering a cancellation`() async throws {
    let result = try await run(
      [task(0, "odd", "t", timeLimitSeconds: 0.2), task(1, "odd", "t", parameters: ["mood": "good"])],
      ["odd": try worker("sys.stdin.readline(); os._exit(0)")], limits: .init(grace: .seconds(600)))
    #expect(result.states == [.failed, .succeeded])
    let ended = try #require(recording.outcome(of: 0))
    #expect(ended.exitKind == .timedOut)
    #expect(ended.message?.contains("exceeded its time limit of 0.2 s") == true)
    #expect(ended.message?.contains("killed") == false, "\(ended.message ?? "")")
  }

  @Test func `a worker that answers the cancellation is kept`() async throws {
    let result = try await run(
      [
        task(
          0, "example", "estimate", parameters: ["darts": 2000], timeLimitSeconds: 0.3,
          measurement: ["repetitions": 1_000_000]),
        task(1, "example", "add", parameters: ["a": 1, "b": 1]),
      ], ["example": Self.example], limits: .init(grace: .seconds(20)))
    #expect(result.states == [.failed, .succeeded])
    #expect(recording.outcome(of: 0)?.exitKind == .timedOut)
    #expect(recording.outcome(of: 0)?.message?.contains("killed") == false)
  }

  @Test func `a worker that says nothing or cannot start is given up`() async throws {
    let silent = WorkerDefinition(command: ["sleep", "600"])
    try await run([task(0, "silent", "t")], ["silent": silent], limits: .init(hello: .milliseconds(200)))
    #expect(recording.outcome(of: 0)?.message?.contains("it did not say hello within 0.2 s") == true)
    let missing = WorkerDefinition(command: ["no-such-worker"])
    try await run((0..<5).map { task($0, "missing", "t") }, ["missing": missing])
    #expect(recording.outcome(of: 0)?.message?.contains("cannot start 'no-such-worker'") == true)
    let last = recording.outcome(of: 4)?.message ?? ""
    #expect(last.contains("worker 'missing' could not be started 3 times in a row: "))
    let pool = pool(["missing": missing])
    let error = await #expect(throws: SchedulingError.self) { try await pool.hello(of: "missing") }
    #expect(error?.code == .workerFailed)
    await pool.shutDown()
  }

  @Test func `an unknown task names the known ones and is not tried again`() async throws {
    try await run([task(0, "example", "ad", retries: 3)], ["example": Self.example])
    #expect(recording.entries.count == 1)
    #expect(
      recording.outcome(of: 0)?.message?.contains("worker 'example' has no task 'ad'; it has 'add', 'estimate'") == true
    )
  }

  @Test func `as many workers run as the definition allows`() async throws {
    let worker = try worker("pass", count: 2)
    let jobs = (0..<40).map { task($0, "odd", "t", parameters: ["mood": "good"]) }
    let result = try await run(jobs, ["odd": worker])
    #expect(result.isComplete)
    let pids = Set(recording.entries.compactMap { $0.outcome?.measurements.metrics.first?.value })
    #expect((1...2).contains(pids.count))
  }

  @Test func `a stage's environment gets a worker of its own`() async throws {
    let worker = try worker(
      """
      send({"type": "result", "id": id, "metrics": [{"name": "e", "value": float(os.environ.get("EXTRA", "0"))}]})
      """, environment: ["EXTRA": "1"])
    let result = try await run(
      [task(0, "odd", "t"), task(1, "odd", "t", environment: ["EXTRA": "2"]), task(2, "odd", "t")], ["odd": worker])
    #expect(result.isComplete)
    #expect((0..<3).map { recording.outcome(of: $0)?.measurements.metrics.first?.value } == [1, 2, 1])
  }

  @Test func `a flood of progress and log does not harm`() async throws {
    let worker = try worker(
      """
      for turn in range(20000):
          send({"type": "progress", "id": id, "done": turn})
          print("x" * 200, file=sys.stderr)
      send({"type": "result", "id": id})
      """)
    let result = try await run(
      [task(0, "odd", "t")], ["odd": worker], limits: .init(logBytes: 5000))
    #expect(result.isComplete)
    let place = try #require(recording.entries.first?.place)
    let log = directory.read(place.standardErrorPath)
    #expect(log.utf8.count < 6000)
    #expect(log.hasPrefix("starting up\n"))
  }
}

/// Keeps progress messages.
private final class ProgressObserver: RunObserver {
  private let state = Mutex<[TaskProgress]>([])
  var seen: [TaskProgress] { state.withLock { $0 } }
  func observe(_ event: ScheduleEvent) {
    if case .progressed(_, let progress) = event { state.withLock { $0.append(progress) } }
  }
}
