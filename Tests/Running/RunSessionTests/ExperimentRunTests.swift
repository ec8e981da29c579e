import AttemptModel
import Foundation
import JobGraph
import ResultsStore
import RunSession
import RunningFakes
import Scheduling
import Synchronization
import TestSupport
import Testing
import WorkerProtocol

@Suite struct `A run` {
  @Test func `tries a job that fails again after its pause, and leaves out what needs it`()
    async throws
  {
    let fixture = try SessionFixture(
      """
      "stages": { "make": { "task": "w/make", "retries": { "limit": 1, "backoff": "10m" } },
        "use": { "task": "w/use", "needs": ["make"] }, "other": { "task": "w/use", "with": { "n": 1 } } }
      """)
    let executor = FakeExecutor { attempt in
      AttemptOutcome(
        attempt.job.stage == "make" ? .failed : .succeeded, message: "no", period: .init())
    }
    let store = fixture.store
    let ending = try await fixture.run(executor, in: store)
    #expect(ending.end == .failed)
    #expect(ending.result.states == [.failed, .skipped, .succeeded])
    #expect(fixture.clock.now == .seconds(600))
    #expect(try store.ends(ofStage: "make", inRun: ending.run) == [.failed, .failed])
    let summary = try #require(try store.run(ending.run))
    #expect(summary.state == .ended(.failed))
    #expect(summary.jobCounts == [.failed: 1, .skipped: 1, .done: 1])
    let jobs = try store.experimentResults(name: "x").jobs
    #expect(jobs[1].reason == "a job it needs has no result")
  }

  @Test func `makes up for an attempt that is lost`() async throws {
    let fixture = try SessionFixture(#""stages": { "make": { "task": "w/make" } }"#)
    let executor = FakeExecutor { attempt in
      attempt.number == 1
        ? AttemptOutcome(failedBy: .machine, message: "the process is gone", period: .init())
        : AttemptOutcome(.succeeded, period: .init())
    }
    let store = fixture.store
    let ending = try await fixture.run(executor, in: store)
    #expect(ending.end == .finished)
    #expect(try store.ends(ofStage: "make", inRun: ending.run) == [.lost, .succeeded])
  }

  @Test func `tells the database which jobs wait only for a place`() async throws {
    let fixture = try SessionFixture(
      """
      "resources": { "cpu": 1 }, "stages": { "make": { "task": "w/make" },
        "use": { "task": "w/use", "needs": ["make"] },
        "last": { "task": "w/use", "with": { "n": 1 }, "needs": ["make"] } }
      """)
    let store = fixture.store
    let counts = Mutex<[[JobState: Int]]>([])
    let executor = FakeExecutor { attempt in
      // What waits to be written is written with this.
      try? store.record([], run: 1)
      let found = (try? store.run(1))?.jobCounts ?? [:]
      counts.withLock { $0.append(found) }
      return made(attempt)
    }
    #expect(try await fixture.run(executor, in: store).end == .finished)
    #expect(counts.withLock { $0.prefix(2) } == [[.running: 1, .planned: 2], [.done: 1, .running: 1, .ready: 1]])
  }

  @Test func `fails a job once whose products the store refuses, with the reason on its row`()
    async throws
  {
    let fixture = try SessionFixture(#""stages": { "make": { "task": "w/make" } }"#)
    let executor = FakeExecutor { attempt in
      let path = "\(attempt.place.outputDirectory)/out"
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try? FileManager.default.createSymbolicLink(atPath: path + "/link", withDestinationPath: "/etc/passwd")
      let artifact = TaskMeasurements.Artifact(name: "out", path: path, mediaType: "inode/directory")
      return AttemptOutcome(.succeeded, period: .init(), measurements: .init(artifacts: [artifact]))
    }
    let store = fixture.store
    let ending = try await fixture.run(executor, in: store)
    #expect(ending.end == .failed && ending.result.failure == nil)
    let attempts = try store.attempts(ofRun: ending.run)
    #expect(attempts.map(\.state.exitKind) == [.failed])
    #expect(attempts.first?.message?.contains("it ended well, but artifact 'out'") == true)
  }

  @Test func `ends with one error when the store fails, and keeps what was committed`() async throws {
    let fixture = try SessionFixture(
      """
      "stages": { "a": { "task": "w/make" }, "b": { "task": "w/use", "needs": ["a"] },
        "c": { "task": "w/use", "needs": ["b"], "with": { "n": 1 } },
        "d": { "task": "w/use", "needs": ["c"], "with": { "n": 2 } } }
      """)
    let store = fixture.store
    let executor = FakeExecutor { attempt in
      guard attempt.job.index == 2 else { return made(attempt) }
      let attempts = fixture.folder.file("results/attempts")
      try? FileManager.default.moveItem(atPath: attempts, toPath: attempts + ".away")
      _ = try? fixture.folder.write("in the way", to: "results/attempts")
      return AttemptOutcome(.succeeded, period: .init())
    }
    let ending = try await fixture.run(executor, in: store)
    #expect(ending.end == .interrupted && ending.result.interruption == nil)
    #expect(fixture.display.failures.count == 1)
    #expect(ending.result.failure?.description.contains("results/attempts") == true)
    #expect(executor.started == [0, 1, 2])
    #expect(executor.isShutDown)
    #expect(try store.run(ending.run)?.state == .ended(.interrupted))
    // What the third one made was in the folder that is gone.
    let counts = try store.run(ending.run)?.jobCounts ?? [:]
    #expect(counts[.done] == 2 && counts[.failed] == nil, "\(counts)")
  }

  @Test func `is cancelled by the second interruption, and the next one goes on`() async throws {
    let fixture = try SessionFixture(
      #""stages": { "make": { "task": "w/make" }, "use": { "task": "w/use", "needs": ["make"] } }"#)
    let interruption = Interruption(signals: [], hangUps: [])
    let executor = FakeExecutor { attempt in
      interruption.raise(to: .terminate)
      return nil
    }
    let store = fixture.store
    let ending = try await fixture.run(executor, in: store, interruption: interruption)
    #expect(ending.end == .interrupted && ending.result.interruption == .terminate)
    #expect(ending.result.states == [.cancelled, .waiting])
    #expect(try store.ends(ofStage: "make", inRun: ending.run) == [.cancelled])
    #expect(try store.run(ending.run)?.jobCounts == [.planned: 2])
    #expect(try await fixture.run(in: store).end == .finished)
  }

  @Test func `does not begin in the database when its plan cannot be scheduled`() async throws {
    let fixture = try SessionFixture(#""stages": { "make": { "task": "w/make" } }"#)
    let planner = fixture.planner()
    var prepared = try await planner.prepare(fixture.spec)
    prepared.plan = Plan(
      experimentName: "x", canonicalSpec: "{}", trials: prepared.plan.trials, jobs: prepared.plan.jobs, workers: [:],
      resources: prepared.plan.resources)
    let store = fixture.store
    let choices = ExperimentRun.Choices(options: fixture.options(), toolVersion: "test")
    let error = #expect(throws: SchedulingError.self) {
      try ExperimentRun(prepared, choices, store: store, display: fixture.display)
    }
    #expect(error?.code == .unknownWorker)
    #expect(try store.runs().isEmpty)
  }
}
