import AttemptModel
import Foundation
import JobGraph
import RunningFakes
import Scheduling
import Synchronization
import Testing
import WorkerProtocol
import TestSupport

@Suite struct SchedulerTests {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  private func scheduler(
    _ plan: Plan, _ executor: FakeExecutor, _ recording: any AttemptRecording,
    observer: any RunObserver = SilentObserver(),
    policy: RetryPolicy = RetryPolicy(firstDelay: .milliseconds(1)), satisfied: [Int: [String: String]] = [:]
  ) throws -> Scheduler {
    try Scheduler(
      plan: plan, executor: executor, recording: recording, observer: observer,
      options: .init(projectRoot: directory.path, retryPolicy: policy, maximumRunning: 64), satisfied: satisfied)
  }

  @Test func `ten thousand jobs pass through the operation queue`() async throws {
    // Chains of ten: 1,000 side by side.
    let jobs = (0..<10_000).map { job($0, needs: $0 % 10 == 0 ? [] : [$0 - 1], resources: [:]) }
    let executor = FakeExecutor()
    let result = try await scheduler(plan(jobs), executor, NullRecording()).run()
    #expect(result.isComplete)
    #expect(executor.started.count == 10_000)
    #expect(Set(executor.started).count == 10_000)
    #expect(executor.mostRunning <= 64)
    #expect(executor.isShutDown)
  }

  @Test func `artifacts of needs, reused ones included, become inputs`() async throws {
    let jobs = [
      job(0), job(1),
      job(
        2,
        inputs: [
          "image": .artifact(job: 0, name: "image"), "all": .artifacts(jobs: [0, 1], name: "image"),
          "model": .file("models/a"),
        ], needs: [0, 1]),
    ]
    let executor = FakeExecutor { attempt in
      let artifact = TaskMeasurements.Artifact(
        name: "image", path: "/made/\(attempt.job.index)", mediaType: "image/png")
      return AttemptOutcome(.succeeded, period: .init(), measurements: .init(artifacts: [artifact]))
    }
    let recording = MemoryRecording(directory)
    let result = try await scheduler(plan(jobs), executor, recording, satisfied: [0: ["image": "/stored/0"]]).run()
    #expect(result.states == [.reused, .succeeded, .succeeded])
    let inputs = try #require(executor.inputs(of: 2))
    #expect(inputs["image"] == .one("/stored/0"))
    #expect(inputs["all"] == .many(["/stored/0", "/made/1"]))
    #expect(inputs["model"] == .one(directory.path + "/models/a"))
  }

  @Test func `a missing artifact fails the dependent with a message`() async throws {
    let jobs = [
      job(0, stage: "coarse"), job(1, inputs: ["x": .artifact(job: 0, name: "imag")], needs: [0], retries: 3),
    ]
    let recording = MemoryRecording(directory)
    let result = try await scheduler(plan(jobs), FakeExecutor(), recording).run()
    #expect(result.states == [.succeeded, .failed])
    #expect(recording.entries.count == 2)
    #expect(
      recording.outcome(of: 1)?.message == "#1 stage seed=43, attempt 1: input 'x' wants artifact 'imag' of stage "
        + "'coarse', which made none; correct the artifact's name in the spec")
  }

  @Test func `a failed attempt is tried again as a new attempt`() async throws {
    let executor = FakeExecutor { attempt in AttemptOutcome(attempt.number < 3 ? .failed : .succeeded, period: .init())
    }
    let recording = MemoryRecording(directory)
    let observer = CollectingObserver()
    let result = try await scheduler(plan([job(0, retries: 2)]), executor, recording, observer: observer).run()
    #expect(result.isComplete)
    #expect(recording.entries.map(\.number) == [1, 2, 3])
    #expect(observer.events.map(\.kind) == ["started", "retrying", "started", "retrying", "started", "succeeded"])
  }

  @Test func `a book that fails ends the run with one error`() async throws {
    let result = try await scheduler(plan([job(0), job(1, needs: [0])]), FakeExecutor(), BrokenRecording()).run()
    #expect(result.states == [.cancelled, .waiting])
    #expect(result.failure == RecordingStopped("the book is torn"))
  }

  @Test func `what the book refuses fails its job once, with the reason on its record`() async throws {
    let recording = RefusingRecording(directory)
    let observer = CollectingObserver()
    let result = try await scheduler(
      plan([job(0), job(1, needs: [0]), job(2)]), FakeExecutor(), recording, observer: observer
    ).run()
    #expect(result.states == [.failed, .skipped, .succeeded])
    #expect(result.failure == nil)
    let records = recording.records.filter { $0.job == 0 }
    #expect(records.map(\.outcome.exitKind) == [.succeeded, .failed])
    #expect(
      records.last?.outcome.message
        == "#0 stage seed=43, attempt 1: it ended well, but artifact 'a' has a link in it; copy the file")
    #expect(records.last?.outcome.fault == .job)
    #expect(observer.events.count { $0.kind == "failed" } == 1)
  }

  @Test(arguments: [
    (AttemptOutcome(failedBy: .job, message: "", period: .init()), 1, AttemptVerdict.failed),
    (AttemptOutcome(failedBy: .input, message: "", period: .init()), 1, .invalid),
    (AttemptOutcome(failedBy: .machine, message: "", period: .init()), 3, .infrastructureFailed),
  ])
  func `a fault decides how often a job is tried`(outcome: AttemptOutcome, tries: Int, verdict: AttemptVerdict)
    async throws
  {
    #expect(outcome.verdict == verdict)
    let executor = FakeExecutor { _ in outcome }
    let result = try await scheduler(plan([job(0)]), executor, NullRecording()).run()
    #expect(result.states == [.failed])
    #expect(executor.started.count == tries)
  }

  @Test func `a pause between attempts is a time whatever its numbers are`() {
    let policy = RetryPolicy()
    let declared = RetryBackoff(firstSeconds: 0, factor: 2, longestSeconds: 60)
    #expect(policy.delay(beforeRetry: 1, declared: declared) == .zero)
    #expect(policy.delay(beforeRetry: 2000, declared: declared) == .seconds(60))
    let growing = RetryBackoff(firstSeconds: 1, factor: 1e300, longestSeconds: 0x1p59)
    #expect(policy.delay(beforeRetry: 3, declared: growing) == .seconds(0x1p59))
  }

  @Test func `a book that is full ends the run: nothing new starts, nothing is tried again`() async throws {
    let executor = FakeExecutor()
    let jobs = (0..<10).map { job($0, needs: $0 < 2 ? [] : [$0 - 2]) }
    let result = try await scheduler(plan(jobs), executor, FullRecording()).run()
    #expect(result.failure == RecordingStopped("the disk is full"))
    #expect(executor.started.sorted() == [0, 1])
    #expect(result.count(of: .cancelled) == 2 && result.count(of: .waiting) == 8)
    #expect(executor.isShutDown)
  }

  @Test func `the first interruption drains and the second cancels`() async throws {
    let executor = FakeExecutor { _ in nil }
    let recording = MemoryRecording(directory)
    let scheduler = try scheduler(plan((0..<5).map { job($0) }), executor, recording)
    async let running = scheduler.run()
    #expect(await eventually { executor.started.count == 2 })
    await scheduler.interrupt(.drain)
    await scheduler.interrupt(.drain)
    await scheduler.interrupt(.terminate)
    let result = await running
    #expect(result.interruption == .terminate)
    #expect(result.count(of: .cancelled) == 2)
    #expect(result.count(of: .ready) == 3)
    #expect(recording.entries.allSatisfy { $0.outcome?.exitKind == .cancelled })
  }

  @Test func `an undefined worker is refused before anything starts`() {
    let error = #expect(throws: SchedulingError.self) {
      try scheduler(plan([task(0, "ghost", "x")]), FakeExecutor(), NullRecording())
    }
    #expect(error?.code == .unknownWorker)
  }

  @Test func `an interruption climbs one level at a time and stays at the last`() {
    let interruption = Interruption(signals: [], hangUps: [])
    #expect(interruption.level == nil)
    var levels: [Interruption.Level?] = []
    for _ in 0..<4 {
      interruption.raise()
      levels.append(interruption.level)
    }
    #expect(levels == [.drain, .terminate, .kill, .kill])
  }

  @Test func `a hang-up terminates, however often it comes and whatever came before`() {
    let interruption = Interruption(signals: [], hangUps: [])
    var levels: [Interruption.Level?] = []
    for _ in 0..<3 {
      interruption.raise(to: .terminate)
      levels.append(interruption.level)
    }
    interruption.raise()
    interruption.raise(to: .terminate)
    #expect(levels == [.terminate, .terminate, .terminate] && interruption.level == .kill)
  }
}

/// Books nothing.
struct NullRecording: AttemptRecording {
  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    AttemptPlace(
      id: 0, outputDirectory: "/", standardOutputPath: "/dev/null", standardErrorPath: "/dev/null",
      scratchDirectory: "/")
  }
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] { [:] }
}

/// A book in which nothing can be written at the end of an attempt, nor ever after.
struct FullRecording: AttemptRecording {
  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    try await NullRecording().began(job, attemptNumber: attemptNumber)
  }
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] {
    throw RecordingStopped("the disk is full")
  }
}

/// A book that does not take the success of job 0.
final class RefusingRecording: AttemptRecording {
  private let places: MemoryRecording
  private let state = Mutex<[(job: Int, outcome: AttemptOutcome)]>([])

  init(_ directory: TemporaryFolder) { places = MemoryRecording(directory) }

  var records: [(job: Int, outcome: AttemptOutcome)] { state.withLock { $0 } }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    try await places.began(job, attemptNumber: attemptNumber)
  }
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] {
    state.withLock { $0.append((job.index, outcome)) }
    guard job.index == 0, outcome.exitKind == .succeeded else { return [:] }
    throw RecordingRefused("artifact 'a' has a link in it; copy the file")
  }
}

/// A book that fails at every begin.
struct BrokenRecording: AttemptRecording {
  struct Failure: Error, CustomStringConvertible { var description: String { "the book is torn" } }
  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace { throw Failure() }
  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] { [:] }
}
