import AttemptModel
import Digest
import Foundation
import GRDB
import Glibc
import JSON
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct StoreMaintenanceTests {
  let fixture = StoreFixture()

  /// Three stages in a row, one trial.
  private var chain: PlanRecord {
    PlanRecord(
      experiment: "chain", canonicalSpec: #"{"name":"chain"}"#, hash: SHA256Digest(of: "chain"), canonicalPlan: "{}",
      trials: [TrialRecord(assignment: [(name: "stage", value: 1), (name: "run's", value: "a, b")])],
      jobs: (0..<3).map { position in
        JobRecord(
          stage: ["first", "second", "third"][position], fingerprint: SHA256Digest(of: "job \(position)"),
          parts: [], isTimed: false, parameters: .object([]), trials: [0], needs: position == 0 ? [] : [position - 1])
      })
  }

  private func runChain(in store: ResultsStore) async throws -> Int64 {
    let run = try store.beginRun(
      plan: try store.register(chain), code: .unknown, toolVersion: "1",
      states: [JobStateChange(job: 0, state: .ready)])
    let known = try store.reusableAttempts(for: chain.jobs.map { ($0.fingerprint, false) })
    for job in 0..<3 {
      if let attempt = known[chain.jobs[job].fingerprint] {
        try store.record([JobStateChange(job: job, state: .reused, attempt: attempt.id)], run: run)
        continue
      }
      let lease: AttemptPlace = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "t")
      let path = try StoreFixture.write("content \(lease.id)", to: "\(lease.outputDirectory)/file")
      let report = AttemptReport(
        exitKind: .succeeded,
        samples: [
          SampleResult(metric: "t", unit: "s", repetition: 1, isWarmup: true, block: 2, position: 3, value: 0.1),
          SampleResult(metric: "t", unit: "s", value: .nan),
        ], files: [ProducedFile(name: "file", path: path, mediaType: "text/plain")])
      _ = try await store.finishAttempt(lease.id, with: report)
    }
    try store.endRun(run, state: .finished)
    return run
  }

  @Test func `a job goes from planned over ready and running to done`() async throws {
    let store = try fixture.open()
    let run = try store.beginRun(
      plan: try store.register(chain), code: .unknown, toolVersion: "1",
      states: [JobStateChange(job: 0, state: .ready)])
    func states() throws -> [QueryResult.Value] {
      try store.query("SELECT state FROM run_job WHERE run_id = \(run) ORDER BY job_position").rows.map { $0[0] }
    }
    #expect(try states() == [.text("ready"), .text("planned"), .text("planned")])
    let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    #expect(try states() == [.text("running"), .text("planned"), .text("planned")])
    #expect(try store.query("SELECT state FROM attempt").rows == [[.text("leased")]])
    store.noteRunning(attempt: lease.id)
    while try store.query("SELECT state FROM attempt").rows != [[.text("running")]] { usleep(1000) }
    _ = try await store.finishAttempt(
      lease.id, with: AttemptReport(exitKind: .succeeded, worker: WorkerWarmth(request: 3, ageSeconds: 1.5)))
    #expect(try states() == [.text("done"), .text("planned"), .text("planned")])
    store.noteReady([1], after: lease.id, run: run)
    while try states() != [.text("done"), .text("ready"), .text("planned")] { usleep(1000) }
    #expect(
      try store.query("SELECT state, worker_request, worker_age_seconds FROM attempt").rows
        == [[.text("succeeded"), .integer(3), .real(1.5)]])
  }

  @Test func `an invalidated result takes along what was made with it, and only that is made anew`() async throws {
    let store = try fixture.open()
    _ = try await runChain(in: store)
    var selection = AttemptSelection()
    selection.stage = "second"
    #expect(try store.invalidation(of: selection).dependents == [3])
    let done = try store.invalidate(selection, reason: "wrong seed")
    #expect(done.attempts == [2] && done.dependents == [3] && done.countByStage == ["second": 1, "third": 1])
    let reasons = try store.query("SELECT invalid_reason FROM attempt ORDER BY id").rows.map { $0[0] }
    #expect(reasons == [.null, .text("wrong seed"), .text("made with attempt 2: wrong seed")])
    #expect(throws: StoreError.self) { try store.invalidate(selection, reason: "again") }
    let second = try await runChain(in: store)
    #expect(try store.run(second)?.jobCounts == [.reused: 1, .done: 2])
    selection.stage = nil
    selection.fingerprintPrefix = String(SHA256Digest(of: "job 0").hex.prefix(8))
    #expect(try store.invalidate(selection, reason: "all").dependents == [4, 5], "2 and 3 are invalid already")
    #expect(try store.events().filter { $0.kind == "attempt-invalidated" }.count == 5)
  }

  @Test func `a clock that is set back an hour does not change which run is the latest`() async throws {
    let store = try fixture.open()
    let first = try await runChain(in: store)
    try StoreFixture.queue(fixture.path).inDatabase { database in
      try database.execute(
        sql: "UPDATE run SET sequence = sequence + 3600000, started_at = '2099-01-01T00:00:00.000Z' WHERE id = ?",
        arguments: [first])
    }
    var selection = AttemptSelection()
    selection.stage = "third"
    try store.invalidate(selection, reason: "again")
    let second = try await runChain(in: store)
    #expect(try store.experimentResults(name: "chain").run.id == second)
    #expect(try store.runs().map(\.id) == [second, first])
    #expect(try store.query("SELECT DISTINCT run FROM latest_result").rows == [[.integer(second)]])
    #expect(try store.garbage(keepingRuns: 1).allSatisfy { $0.kind != .content } == false)
  }

  @Test func `garbage is listed with reasons, removed on demand, and not missed afterwards`() async throws {
    let store = try fixture.open()
    _ = try await runChain(in: store)
    var selection = AttemptSelection()
    selection.job = 2
    try store.invalidate(selection, reason: "wrong")
    try await { _ = try await runChain(in: store) }()
    mkdir("\(fixture.folder)/scratch/\(SHA256Digest(of: "job 0").hex)", 0o755)
    try StoreFixture.write("half", to: "\(fixture.folder)/results.sqlite.77.tmp")
    mkdir("\(fixture.folder)/artifacts/ab", 0o755)
    try StoreFixture.write("stray", to: "\(fixture.folder)/artifacts/ab/cdef")
    try StoreFixture.write("more", to: "\(fixture.folder)/attempts/1/output/unannounced")
    let garbage = try store.garbage()
    #expect(Set(garbage.map(\.kind)) == Set(Garbage.Kind.allCases), "\(garbage)")
    #expect(garbage.filter { $0.kind == .content }.map(\.reason) == ["only invalidated attempts refer to it"])
    #expect(try store.verify().problems.isEmpty)
    #expect(try store.remove(garbage) == garbage.reduce(0) { $0 + $1.byteCount })
    #expect(try store.verify().problems.isEmpty, "what was freed is not missed")
    #expect(try store.garbage().isEmpty)
    #expect(try store.reusableAttempts(for: chain.jobs.map { ($0.fingerprint, false) }).count == 3)
    let kept = try store.garbage(keepingRuns: 1)
    #expect(kept.isEmpty, "the latest run refers to the results that it reused")
  }

  @Test func `files of runs before the latest ones can be freed`() async throws {
    let store = try fixture.open()
    for content in ["old", "new"] {
      let run = try StoreFixture.begin(in: store)
      try await StoreFixture.succeed(0, run: run, in: store, content: content)
      try store.endRun(run, state: .finished)
    }
    let garbage = try store.garbage(keepingRuns: 1).filter { $0.kind == .content }
    #expect(garbage.map { $0.path.split(separator: "/").suffix(2).joined() } == [SHA256Digest(of: "old").hex])
    try store.remove(garbage)
    #expect(try store.verify().problems.isEmpty)
    #expect(try store.runs().count == 2)
  }

  @Test func `samples are exported with a column for each axis`() async throws {
    let store = try fixture.open()
    _ = try await runChain(in: store)
    var text = ""
    #expect(try store.exportSamples(ExportSelection(latestOnly: true), as: .csv) { text += $0 } == 6)
    let lines = text.components(separatedBy: "\r\n")
    #expect(
      lines[0] == "experiment,run,trial,stage,run's,stage,job,state,metric,unit,value,repetition,warmup,block,position,"
        + "attempt,number,machine,commit,started_at,invalid")
    #expect(lines[1].hasPrefix("chain,1,0,1,\"a, b\",first,0,done,t,s,0.1,1,1,2,3,1,1,"), "\(lines[1])")
    #expect(lines[2].hasPrefix("chain,1,0,1,\"a, b\",first,0,done,t,s,NaN,0,0,,,1,1,"), "\(lines[2])")
    text = ""
    try store.exportSamples(ExportSelection(experiments: ["chain"]), as: .jsonl) { text += $0 }
    let rows = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(rows.count == 6)
    #expect(rows[0]["axes"] == ["stage": 1, "run's": "a, b"])
    #expect(rows[1]["value"]?.realValue?.isNaN == true)
    #expect(throws: StoreError.self) {
      try store.exportSamples(ExportSelection(experiments: ["none"]), as: .csv) { _ in }
    }
  }

  @Test func `a query sees axes as columns and cannot write`() async throws {
    let store = try fixture.open()
    _ = try await runChain(in: store)
    let reader = try fixture.open(.readOnly)
    let result = try reader.query(
      #"SELECT stage, axis_stage, "run's", value, special FROM latest_result WHERE is_warmup = 0 ORDER BY job LIMIT 1"#)
    #expect(result.columns == ["stage", "axis_stage", "run's", "value", "special"])
    #expect(result.rows == [[.text("first"), .integer(1), .text("a, b"), .null, .text("NaN")]])
    #expect(try reader.query("SELECT n, mean FROM summary").rows == Array(repeating: [.integer(0), .null], count: 3))
    for sql in ["DELETE FROM run", "SELEC 1", "SELECT 1; SELECT 2", "CREATE TABLE x (y)", "PRAGMA user_version = 7"] {
      #expect(throws: StoreError.self, "\(sql)") { try reader.query(sql) }
    }
    #expect(try store.runs().count == 1)
  }
}
