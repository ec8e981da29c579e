import AttemptModel
import Digest
import GRDB
import Glibc
import JSON
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct StoreQueriesTests {
  let fixture = StoreFixture()

  private var elsewhere: MachineFingerprint {
    MachineFingerprint(cpuModel: "Z80", cores: 1, memoryBytes: 65536, kernel: "CP/M 2.2", isVirtualized: false)
  }

  @Test func `the latest succeeded attempt with all its files is reused`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let print = StoreFixture.fingerprint("coarse 43")
    #expect(try store.reusableAttempts(for: [(print, false)]).isEmpty)
    let first = try await StoreFixture.succeed(0, run: run, in: store, content: "one")
    let second = try await StoreFixture.succeed(0, run: run, in: store, content: "two")
    let found = try #require(try store.reusableAttempts(for: [(print, false)])[print])
    #expect(found.id == second.id)
    #expect(found.paths == ["image": try #require(second.files["image"]).path])
    unlink(try #require(second.files["image"]).path)
    #expect(try store.reusableAttempts(for: [(print, false)])[print]?.id == first.id)
    try store.invalidate(attempt: first.id, reason: "wrong weights")
    #expect(try store.reusableAttempts(for: [(print, false)]).isEmpty)
    #expect(try store.events().last?.detail == "wrong weights")
  }

  @Test func `a timing is reused only on the machine it was made on`() async throws {
    let store = try fixture.open()
    let run = try store.beginRun(
      plan: try store.register(StoreFixture.plan()), machine: elsewhere, code: .unknown, toolVersion: "1.0")
    try await StoreFixture.succeed(2, run: run, in: store)
    let print = StoreFixture.fingerprint("time 0")
    #expect(try store.reusableAttempts(for: [(print, true)]).isEmpty)
    #expect(try store.reusableAttempts(for: [(print, true)], machine: elsewhere).count == 1)
    #expect(try store.reusableAttempts(for: [(print, false)]).count == 1)
  }

  @Test func `a reader calls a run whose process is gone interrupted`() throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    #expect(try fixture.open(.readOnly).run(run)?.state == .running)
    try StoreFixture.queue(fixture.path).write {
      try $0.execute(sql: "UPDATE run SET process_start = process_start - 1")
    }
    #expect(try fixture.open(.readOnly).run(run)?.state == .ended(.interrupted))
    #expect(try fixture.open(.readOnly).experimentResults(name: "exp1").run.state == .ended(.interrupted))
    #expect(
      try StoreFixture.queue(fixture.path).read { try String.fetchAll($0, sql: "SELECT state FROM run") } == ["running"]
    )
  }

  @Test func `an attempt under way when the store closed is lost`() async throws {
    let print = StoreFixture.fingerprint("coarse 43")
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
      store.noteRunning(attempt: lease.id)
    }
    let store = try fixture.open()
    #expect(store.recovery.lost.count == 1)
    #expect(store.recovery.interruptedRuns.count == 1)
    #expect(try store.attempts(of: print).map(\.state.exitKind) == [.lost])
    let results = try store.experimentResults(name: "exp1")
    #expect(results.run.state == .ended(.interrupted))
    #expect(results.jobs[0].state == .planned)
    #expect(results.jobs[0].reason == "the orchestrator that owned this attempt ended before it was finished")
    #expect(try store.events().map(\.kind).suffix(2) == ["attempt-lost", "run-interrupted"])
  }

  @Test func `the parts of the last success name what moved`() async throws {
    let store = try fixture.open()
    let assignment: [(name: String, value: JSONValue)] = [("seed", 43), ("steps", 3)]
    func parts() throws -> [String: SHA256Digest]? {
      try store.lastFingerprintParts(experiment: "exp1", stage: "coarse", assignment: assignment)
    }
    let first = try StoreFixture.begin(in: store)
    #expect(try parts() == nil)
    try await StoreFixture.succeed(0, run: first, in: store)
    #expect(try parts() == ["task": SHA256Digest(of: "task 1"), "parameters": SHA256Digest(of: "coarse 43")])
    let second = try StoreFixture.begin(StoreFixture.plan(version: 2), in: store)
    #expect(try parts()?["task"] == SHA256Digest(of: "task 1"))
    try await StoreFixture.succeed(0, run: second, in: store)
    #expect(try parts()?["task"] == SHA256Digest(of: "task 2"))
    let other = try store.lastFingerprintParts(experiment: "other", stage: "coarse", assignment: assignment)
    #expect(other == nil)
  }

  @Test func `durations are estimated by the median`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    for seconds: Int64 in [2, 30, 4] {
      let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
      let end = TimePoint(utcNanoseconds: 9_000_000_000, monotonicNanoseconds: 9_000_000_000 + seconds * 1_000_000_000)
      let start = TimePoint(utcNanoseconds: 9_000_000_000, monotonicNanoseconds: 9_000_000_000)
      _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, start: start, end: end))
    }
    #expect(try store.estimatedDurations(experiment: "exp1") == ["coarse": 4])
    #expect(try store.attempts(ofRun: run).map(\.durationSeconds) == [2, 30, 4])
    #expect(try store.attempts(ofRun: run)[0].startedAt == "1970-01-01T00:00:09.000Z")
  }

  @Test func `a plan is registered once and the latest run is reported`() throws {
    let store = try fixture.open()
    let plan = try store.register(StoreFixture.plan())
    #expect(try store.register(StoreFixture.plan()) == plan)
    _ = try StoreFixture.begin(in: store)
    let second = try StoreFixture.begin(in: store)
    #expect(try store.experimentResults(name: "exp1").run.id == second)
    #expect(try store.runs().count == 2)
    #expect {
      _ = try store.experimentResults(name: "exp9")
    } throws: { "\($0)" == "no run of an experiment 'exp9' is in '\(fixture.path)' (known: exp1); run it first" }
  }

  @Test func `altered and missing files are named`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    var paths: [String] = []
    for (job, content) in ["intact", "edited", "cut", "lost"].enumerated() {
      paths.append(
        try #require(try await StoreFixture.succeed(job, run: run, in: store, content: content).files["image"]).path)
    }
    #expect(try store.verify().problems.isEmpty)
    for path in paths { chmod(path, 0o644) }
    try StoreFixture.write("Edited", to: paths[1])
    try StoreFixture.write("c", to: paths[2])
    unlink(paths[3])
    try StoreFixture.write("stray", to: "\(fixture.folder)/artifacts/stray.tmp")
    let verification = try store.verify()
    let found = Dictionary(
      verification.problems.map { ($0.description, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let edited = SHA256Digest(of: "Edited").hex
    #expect(
      found == [
        "'\(paths[1])' has another content (SHA-256 \(edited)), needed as 'image' of attempt 2": .altered,
        "'\(paths[2])' has 1 bytes instead of 3, needed as 'image' of attempt 3": .altered,
        "'\(paths[3])' is missing, needed as 'image' of attempt 4": .missing,
      ])
    #expect(verification.checkedFiles == 4)
    #expect(try store.verify(checksDigests: false).problems.count == 2)
  }
}
