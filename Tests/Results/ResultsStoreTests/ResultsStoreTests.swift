import AttemptModel
import Digest
import GRDB
import Glibc
import JSON
import ResultsStore
import Testing

@Suite struct ResultsStoreTests {
  let fixture = StoreFixture()

  @Test func `a run is read back as it was written`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let samples = [
      SampleResult(metric: "ssim", value: 0.93),
      SampleResult(
        metric: "time.swiftbrush", unit: "s", repetition: 3, isWarmup: true, block: 1, position: 2, value: 0.25),
    ]
    let first = try await StoreFixture.succeed(0, run: run, in: store, samples: samples)
    try store.record([JobStateChange(job: 3, state: .skipped, reason: "needs coarse")], run: run)
    let failing = try await store.beginAttempt(run: run, job: 1, seed: 5, toolVersion: "test 1")
    store.noteRunning(attempt: failing.id)
    let usage = ResourceUsage(
      userSeconds: 1.5, systemSeconds: 0.5, maximumResidentBytes: 4096, minorPageFaults: 3, majorPageFaults: 0)
    _ = try await store.finishAttempt(
      failing.id, with: AttemptReport(exitKind: .timedOut, message: "took longer than 10 s", usage: usage))
    try store.endRun(run, state: .failed)

    let results = try fixture.open(.readOnly).experimentResults(name: "exp1")
    #expect(results.run.state == .ended(.failed))
    #expect(results.run.commit == "c0ffee")
    #expect(results.run.isDirty)
    #expect(results.run.machine == MachineFingerprint.current().json)
    #expect(results.run.jobCounts == [.done: 1, .failed: 1, .planned: 1, .skipped: 1])
    #expect(results.planHash == SHA256Digest(of: "plan exp1 1").hex)
    #expect(results.spec["name"] == "exp1")
    #expect(results.trials.map(\.index) == [0, 1, 2, 3])
    #expect(results.trials[1].assignment.map(\.name) == ["steps", "seed"])
    #expect(results.trials[1].assignment.map(\.value) == [3, 43])
    #expect(results.jobs.map(\.state) == [.done, .failed, .planned, .skipped])
    #expect(results.jobs.map(\.trials) == [[0, 1], [2, 3], [0], [1]])
    #expect(results.jobs[0].attempt?.samples == samples)
    #expect(results.jobs[0].attempt?.artifacts == Array(first.files.values))
    #expect(results.jobs[0].attempt?.state == .ended(.succeeded))
    #expect(results.jobs[1].attempt?.state == .ended(.timedOut))
    #expect(results.jobs[1].attempt?.message == "took longer than 10 s")
    #expect(results.jobs[1].attempt?.usage == usage)
    #expect(results.jobs[3].reason == "needs coarse")
    #expect(try store.experimentNames() == ["exp1"])
    #expect(try store.runs().map(\.id) == [run])
    #expect(try store.run(99)?.id == nil)
    #expect(try store.canonicalPlan(ofRun: run) == #"{"plan":1}"#)
    #expect(try store.attempts(ofRun: run).map(\.state.exitKind) == [.succeeded, .timedOut])
  }

  @Test func `values that are not finite survive`() async throws {
    let values = [Double.nan, .infinity, -.infinity, 0.1 + 0.2, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1]
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store, samples: values.map { SampleResult(metric: "x", value: $0) })
    let read = try store.attempts(of: StoreFixture.fingerprint("coarse 43"))[0].samples.map(\.value)
    #expect(read[0].isNaN)
    #expect(Array(read[1...]) == Array(values[1...]))
  }

  @Test func `files are stored by digest, once, and read-only`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let first = try await StoreFixture.succeed(0, run: run, in: store, content: "same")
    let second = try await StoreFixture.succeed(1, run: run, in: store, content: "same")
    let file = try #require(first.files["image"])
    let digest = SHA256Digest(of: "same").hex
    #expect(file == second.files["image"])
    #expect(file.path == "\(fixture.folder)/artifacts/\(digest.prefix(2))/\(digest.dropFirst(2))")
    #expect(try StoreFixture.read(file.path) == "same")
    var status = stat()
    #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o444)
  }

  @Test func `a file outside the attempt's folder is copied and stays`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lease = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    let path = try StoreFixture.write("model", to: "\(fixture.folder)/model.bin")
    let file = ProducedFile(name: "model", path: path, mediaType: "application/octet-stream")
    let stored = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, files: [file]))
    #expect(try StoreFixture.read(path) == "model")
    #expect(try StoreFixture.read(try #require(stored["model"]).path) == "model")
  }

  @Test func `a missing file fails the publication, and the attempt can be finished as failed`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lease = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    let file = ProducedFile(name: "image", path: "\(lease.outputDirectory)/none.png", mediaType: "image/png")
    await #expect {
      try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, files: [file]))
    } throws: { error in
      (error as? StoreError)?.code == .artifact
        && "\(error)" == "artifact 'image' of attempt \(lease.id) cannot be stored: "
          + "'\(file.path)' does not exist; check what the task announces"
    }
    _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed, message: "no image"))
    await #expect {
      try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed))
    } throws: { ($0 as? StoreError)?.code == .attemptOver }
  }

  @Test func `a retry is a new attempt of the same fingerprint`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    for number in 1...3 {
      let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 2, seed: 1, toolVersion: "t")
      #expect(lease.number == number)
      _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: number < 3 ? .failed : .succeeded))
    }
    #expect(
      try store.attempts(of: StoreFixture.fingerprint("time 0")).map(\.state.exitKind) == [
        .failed, .failed, .succeeded,
      ])
    #expect(try store.experimentResults(name: "exp1").jobs[2].attempt?.number == 3)
  }

  @Test func `10,000 samples of one attempt come back in order`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let samples = (0..<10_000).map {
      SampleResult(
        metric: "time.\($0 % 3)", unit: "s", repetition: $0, isWarmup: $0 < 3, block: $0 / 4, value: Double($0) / 7)
    }
    try await StoreFixture.succeed(0, run: run, in: store, samples: samples)
    #expect(try store.experimentResults(name: "exp1").jobs[0].attempt?.samples == samples)
  }

  @Test func `a record that breaks a rule fails alone`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<40 {
        group.addTask {
          let job = index % 5 == 4 ? 999 : index % 4
          return (try? await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "t")) != nil
        }
      }
      return await group.reduce(into: [true: 0, false: 0]) { $0[$1, default: 0] += 1 }
    }
    #expect(outcomes == [true: 32, false: 8])
    #expect(try store.attempts(ofRun: run).count == 32)
    #expect(throws: StoreError.self) {
      try store.record([JobStateChange(job: 0, state: .done, attempt: 777)], run: run)
    }
    #expect(throws: StoreError.self) { try store.record([JobStateChange(job: 99, state: .ready)], run: run) }
  }

  @Test func `provenance cannot be left out and events cannot be changed`() async throws {
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      try await StoreFixture.succeed(0, run: run, in: store)
      #expect(try store.events(ofRun: run).map(\.kind) == ["run-started", "attempt-succeeded"])
    }
    let queue = try StoreFixture.queue(fixture.path)
    for statement in [
      "UPDATE attempt SET seed = NULL", "UPDATE attempt SET tool_version = NULL", "UPDATE attempt SET load_end = NULL",
      "UPDATE attempt SET machine_id = NULL", "UPDATE run SET code_state_id = NULL",
      "UPDATE attempt SET ended_ns = NULL",
      "UPDATE attempt SET ended_ns = started_ns - 1", "UPDATE event SET kind = 'x'", "DELETE FROM event",
      "UPDATE attempt SET number = 'two'", "DELETE FROM run",
    ] {
      #expect(throws: DatabaseError.self, "\(statement)") { try queue.write { try $0.execute(sql: statement) } }
    }
  }
}
