import AttemptModel
import Digest
import Foundation
import Glibc
import ResultsStore
import Testing

@Suite struct AttemptFoldersTests {
  let fixture = StoreFixture()

  @Test func `an attempt that leaves nothing hands its folders on, and none is left at the end`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let first = try lease(0, run: run, in: store)
    #expect(entries(first.folder) == ["output"] && entries(first.scratchDirectory).isEmpty)
    try StoreFixture.write("", to: first.standardOutputPath)
    _ = try await store.finishAttempt(first.id, with: AttemptReport(exitKind: .succeeded))
    let second = try lease(1, run: run, in: store)
    #expect(entries("\(fixture.folder)/attempts") == ["\(second.id)"])
    #expect(entries("\(fixture.folder)/scratch") == [StoreFixture.fingerprint("job 1").hex])
    #expect(entries(second.folder) == ["output", "stdout.log"], "the empty log is written anew")
    _ = try await store.finishAttempt(second.id, with: AttemptReport(exitKind: .succeeded))
    try store.endRun(run, state: .finished)
    #expect(entries("\(fixture.folder)/attempts").isEmpty && entries("\(fixture.folder)/scratch").isEmpty)
  }

  @Test func `what an attempt wrote stays where it is`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    for (job, name) in ["output/file", "stdout.log", "stderr.log", "result.json"].enumerated() {
      let attempt = try lease(job % 4, run: run, in: store)
      try StoreFixture.write("text", to: "\(attempt.folder)/\(name)")
      try StoreFixture.write("checkpoint", to: "\(attempt.scratchDirectory)/state")
      _ = try await store.finishAttempt(attempt.id, with: AttemptReport(exitKind: .succeeded))
      let next = try lease(job % 4, number: 2, run: run, in: store)
      #expect(try StoreFixture.read("\(attempt.folder)/\(name)") == "text")
      #expect(try StoreFixture.read("\(next.scratchDirectory)/state") == "checkpoint", "the next goes on with it")
      _ = try await store.finishAttempt(next.id, with: AttemptReport(exitKind: .failed))
      #expect(entries(next.folder) == ["output"], "the message of a failure names its log")
    }
  }

  @Test func `a folder that a killed process left is not given to the attempt that gets its number`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    try StoreFixture.write("old", to: "\(fixture.folder)/attempts/1/output/file")
    try StoreFixture.write("{}", to: "\(fixture.folder)/attempts/1/manifest.json")
    let attempt = try lease(0, run: run, in: store)
    #expect(attempt.id == 1 && entries(attempt.folder) == ["output"] && entries(attempt.outputDirectory).isEmpty)
  }

  @Test func `a begin is written by itself, or with the end`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let slow = try lease(0, run: run, in: store)
    store.noteRunning(attempt: slow.id)
    while try store.query("SELECT state FROM attempt").rows != [[.text("running")]] { usleep(1000) }
    let fast = try lease(1, run: run, in: store)
    #expect(fast.id == slow.id + 1 && fast.number == 1)
    _ = try await store.finishAttempt(fast.id, with: AttemptReport(exitKind: .succeeded))
    _ = try await store.finishAttempt(slow.id, with: AttemptReport(exitKind: .succeeded))
    #expect(
      try store.query("SELECT id, state FROM attempt ORDER BY id").rows
        == [[.integer(slow.id), .text("succeeded")], [.integer(fast.id), .text("succeeded")]])
    #expect(try store.verify().problems.isEmpty)
  }

  private func lease(_ job: Int, number: Int = 1, run: Int64, in store: ResultsStore) throws -> AttemptPlace {
    try store.leaseAttempt(
      run: run, job: job, number: number, fingerprint: StoreFixture.fingerprint("job \(job)"), seed: 1,
      toolVersion: "t")
  }

  private func entries(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
