import AttemptModel
import Digest
import Foundation
import JobGraph
import ResultsStore
import RunSession
import RunningFakes
import Scheduling
import Synchronization
import TestSupport
import Testing

@Suite struct `What an earlier run has made` {
  private static let chain = """
    "stages": { "make": { "task": "w/make", "inputs": { "data": "data.txt" } },
      "use": { "task": "w/use", "inputs": { "it": { "stage": "make", "artifact": "out" } } } }
    """

  @Test func `stands for jobs with the same fingerprint`() async throws {
    let fixture = try SessionFixture(Self.chain)
    try fixture.folder.write("1", to: "data.txt")
    #expect(
      try await fixture.run(FakeExecutor { made($0) }).result.states == [.succeeded, .succeeded])
    let second = FakeExecutor()
    let ending = try await fixture.run(second)
    #expect(ending.end == .finished && ending.result.states == [.reused, .reused])
    #expect(second.started.isEmpty)
    let third = FakeExecutor { made($0) }
    #expect(try await fixture.run(third, version: "2").end == .finished)
    #expect(third.startedStages == ["make", "use"])
    #expect(fixture.display.statuses.first == .changed(["task"]))
  }

  @Test func `stands for a job whose needs turn out as before, and its dependents become ready`()
    async throws
  {
    let fixture = try SessionFixture(
      """
      "stages": { "make": { "task": "w/make", "sources": ["data.txt"] },
        "use": { "task": "w/use", "inputs": { "it": { "stage": "make", "artifact": "out" } } },
        "last": { "task": "w/use", "with": { "n": 1 }, "sources": ["data.txt"], "needs": ["use"] } }
      """)
    try fixture.folder.write("1", to: "data.txt")
    _ = try await fixture.run(FakeExecutor { made($0) })
    try fixture.folder.write("2", to: "data.txt")
    let store = fixture.store
    let second = FakeExecutor { made($0) }
    let ending = try await fixture.run(second, in: store)
    #expect(second.startedStages == ["make", "last"])
    #expect(ending.result.states == [.succeeded, .reused, .succeeded])
    #expect(try store.run(ending.run)?.jobCounts == [.done: 2, .reused: 1])
    #expect(try store.experimentResults(name: "x").jobs[1].reason == "same fingerprint and inputs")
    // What makes something else makes what needs it run.
    try fixture.folder.write("3", to: "data.txt")
    let third = FakeExecutor { made($0, "other") }
    _ = try await fixture.run(third, in: store)
    #expect(third.startedStages == ["make", "use", "last"])
  }

  @Test func `does not stand if its file was altered since`() async throws {
    let fixture = try SessionFixture(Self.chain)
    try fixture.folder.write("1", to: "data.txt")
    let first = try await fixture.run(
      FakeExecutor { attempt in
        attempt.job.stage == "make"
          ? made(attempt) : AttemptOutcome(.failed, message: "no", period: .init())
      })
    #expect(first.end == .failed)
    let store = fixture.store
    let path = try #require(try store.attempts(ofRun: first.run).first?.artifacts.first?.path)
    try FileManager.default.removeItem(atPath: path)
    try Data("TEXT".utf8).write(to: URL(fileURLWithPath: path))
    let second = FakeExecutor { made($0) }
    _ = try await fixture.run(second, in: store)
    #expect(second.startedStages == ["make", "use"])
    let damages = fixture.display.events.compactMap { event -> DamagedArtifact? in
      if case .damaged(let artifact) = event { return artifact }
      return nil
    }
    #expect(damages.map(\.name) == ["out"] && damages.map(\.path) == [path])
  }

  @Test func `is left out of a selection, and made later`() async throws {
    let fixture = try SessionFixture(
      """
      "axes": { "n": [1, 2] }, "stages": { "make": { "task": "w/make", "with": { "n": "${n}" } },
        "use": { "task": "w/use", "with": { "n": "${n}" }, "needs": ["make"] } }
      """)
    let store = fixture.store
    let first = FakeExecutor()
    let part = try await fixture.run(first, only: ["stage=use", "n=2"], in: store)
    #expect(part.end == .finished && part.leftOutCount == 2)
    #expect(first.startedStages == ["make", "use"])
    #expect(try store.run(part.run)?.jobCounts == [.done: 2, .skipped: 2])
    #expect(
      try store.experimentResults(name: "x").jobs.filter { $0.state == .skipped }.map(\.reason) == [
        "not selected", "not selected",
      ])
    let second = FakeExecutor()
    let whole = try await fixture.run(second, in: store)
    #expect(whole.result.count(of: .reused) == 2 && second.started.count == 2)
    await #expect(throws: SessionError.self) {
      try await fixture.run(only: ["stage=us"], in: store)
    }
    #expect(try store.runs().count == 2)
  }

  @Test func `counts for timings only if asked for, or left by a run that was stopped`()
    async throws
  {
    let fixture = try SessionFixture(
      #""stages": { "time": { "task": "w/time", "lane": "timed" } }"#)
    let store = fixture.store
    #expect(try await fixture.run(in: store).result.states == [.succeeded])
    #expect(try await fixture.run(in: store).result.states == [.succeeded])
    #expect(try await fixture.run(timings: .sameMachine, in: store).result.states == [.reused])
    #expect(fixture.display.statuses == [.reused])
  }

  /// A copy of the folder at the moment at which a result is sealed on the disk and not yet in the database.
  @Test func `is taken over from a run that was killed`() async throws {
    let sealed = Mutex(0)
    let fixture = try SessionFixture(
      """
      "stages": { "a": { "task": "w/make" }, "b": { "task": "w/use", "needs": ["a"] },
        "c": { "task": "w/use", "needs": ["b"], "with": { "n": 1 } } }
      """,
      onPublication: { folder, step in
        guard step == .manifestWritten else { return }
        let count = sealed.withLock { count in
          count += 1
          return count
        }
        guard count == 2 else { return }
        try? FileManager.default.copyItem(atPath: "\(folder)/results", toPath: "\(folder)/killed")
      })
    let first = try await fixture.run(FakeExecutor { made($0, "\($0.job.index)") })
    #expect(first.end == .finished)
    // What carries this process's name before a database was opened is left from a process that is gone.
    let copy = try ResultsStore(path: fixture.folder.file("killed/results.sqlite"), mode: .readWrite)
    #expect(copy.recovery.adopted.count == 1 && copy.recovery.interruptedRuns == [first.run])
    let second = FakeExecutor { made($0, "\($0.job.index)") }
    let ending = try await fixture.run(second, in: copy)
    #expect(ending.end == .finished && ending.result.states == [.reused, .reused, .succeeded])
    #expect(second.started == [2])
    #expect(try copy.verify().problems.isEmpty)
  }
}
