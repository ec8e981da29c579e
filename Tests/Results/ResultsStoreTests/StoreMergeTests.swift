import AttemptModel
import Digest
import Foundation
import Glibc
import JSON
import ResultsStore
import StoreCrashPlan
import Testing
import TestSupport

@Suite struct StoreMergeTests {
  /// All content of a database, named by what holds in every database instead of by row ids.
  private static func rows(of store: ResultsStore) throws -> [String] {
    let queries = [
      "SELECT 'machine', fingerprint, cpu_model, cores FROM machine ORDER BY 2",
      "SELECT 'code', commit_id, is_dirty, difference FROM code_state ORDER BY 2, 3, 4",
      """
      SELECT 'plan', hash, spec.name, spec.canonical, axes, plan.canonical, registered_at FROM plan
      JOIN spec ON spec.id = spec_id ORDER BY 2
      """,
      "SELECT 'trial', hash, position, assignment FROM trial JOIN plan ON plan.id = plan_id ORDER BY 2, 3",
      "SELECT 'job', hash, position, stage, fingerprint, lane, parameters FROM job JOIN plan ON plan.id = plan_id ORDER BY 2, 3",
      "SELECT 'serves', hash, trial_position, job_position FROM job_trial JOIN plan ON plan.id = plan_id ORDER BY 2, 3, 4",
      "SELECT 'part', * FROM fingerprint_part ORDER BY 2, 3",
      """
      SELECT 'run', uid, sequence, hash, machine.fingerprint, commit_id, tool_version, state, started_at, ended_at, boot_id, pid
      FROM run JOIN plan ON plan.id = plan_id JOIN machine ON machine.id = machine_id
      JOIN code_state ON code_state.id = code_state_id ORDER BY 2
      """,
      """
      SELECT 'attempt', uid, job_position, number, a.fingerprint, a.state, exit_kind, message, invalid_reason, seed,
        a.started_at, started_ns, a.ended_at, ended_ns, load_start, machine.fingerprint
      FROM attempt AS a JOIN run ON run.id = run_id JOIN machine ON machine.id = a.machine_id ORDER BY 2, 3, 4
      """,
      """
      SELECT 'state', run.uid, j.job_position, j.state, j.reason, made.uid, a.number FROM run_job AS j
      JOIN run ON run.id = j.run_id LEFT JOIN attempt AS a ON a.id = j.attempt_id LEFT JOIN run AS made ON made.id = a.run_id
      ORDER BY 2, 3
      """,
      """
      SELECT 'sample', uid, job_position, number, ordinal, name, unit, repetition, is_warmup, block, position, value, special
      FROM sample JOIN attempt ON attempt.id = attempt_id JOIN run ON run.id = run_id JOIN metric ON metric.id = metric_id
      ORDER BY 2, 3, 4, 5
      """,
      """
      SELECT 'artifact', uid, job_position, number, name, sha256, byte_count, media_type FROM artifact
      JOIN attempt ON attempt.id = attempt_id JOIN run ON run.id = run_id ORDER BY 2, 3, 4, 5
      """,
      """
      SELECT 'condition', uid, job_position, number, load_limit, wait_limit_seconds, waited_seconds, load_before, load_during,
        frequency_start_mhz, frequency_end_mhz, temperature_start_celsius, temperature_end_celsius, is_quiet
      FROM timing_condition JOIN attempt ON attempt.id = attempt_id JOIN run ON run.id = run_id ORDER BY 2, 3, 4
      """,
      """
      SELECT 'calibration', c.uid, run.uid, experiment, cell, computed_at, significance, comparisons, false_alarms,
        false_alarm_lower, false_alarm_upper, pairs, noise, power, detectable, detectable_lower, detectable_upper, planted,
        planted_comparisons, planted_found FROM calibration AS c JOIN run ON run.id = run_id ORDER BY 2
      """,
      """
      SELECT 'baseline', b.uid, run.uid, experiment, cell, value, unit, nights, accepted_by, reason, accepted_at
      FROM baseline AS b JOIN run ON run.id = run_id ORDER BY 2
      """,
      """
      SELECT 'event', at, kind, uid, job_position, number, detail FROM event JOIN run ON run.id = event.run_id
      LEFT JOIN attempt ON attempt.id = attempt_id ORDER BY 2, 3, 4, 5, 6, 7
      """,
    ]
    return try queries.flatMap { try store.query($0).rows.map { "\($0)" } }
  }

  /// A results folder with a few random runs of two plans; some results are reused, some attempts fail, some are invalidated.
  private static func makeSource(_ random: inout SeededGenerator) async throws -> StoreFixture {
    let fixture = StoreFixture()
    let store = try fixture.open()
    for _ in 0..<random.below(3) + 1 {
      let version = random.below(2) + 1
      let plan = StoreFixture.plan(version: version, experiment: random.below(2) == 0 ? "exp1" : "exp2")
      let machine = MachineFingerprint(
        cpuModel: "cpu \(random.below(2))", cores: 2, memoryBytes: 1 << 30, kernel: "Linux", isVirtualized: false)
      let run = try store.beginRun(
        plan: try store.register(plan), machine: machine,
        code: CodeState(commit: "c\(random.below(3))", isDirty: false), toolVersion: "1")
      let known = try store.reusableAttempts(
        for: plan.jobs.map { ($0.fingerprint, $0.isTimed) }, machine: machine)
      for job in plan.jobs.indices {
        if let attempt = known[plan.jobs[job].fingerprint], random.below(2) == 0 {
          try store.record([JobStateChange(job: job, state: .reused, attempt: attempt.id)], run: run)
          continue
        }
        if random.below(3) == 0 {
          let lease: AttemptPlace = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "t")
          _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed, message: "bad luck"))
        }
        let samples = (0..<random.below(4)).map {
          SampleResult(
            metric: "m\($0 % 2)", unit: "s", repetition: $0, value: $0 == 3 ? .nan : Double(random.below(100)))
        }
        let id = try await StoreFixture.succeed(
          job, run: run, in: store, content: "content \(random.below(6))", samples: samples,
          conditions: random.below(2) == 0 ? conditions(&random) : nil
        ).id
        if random.below(5) == 0 { try store.invalidate(attempt: id, reason: "reason \(random.below(9))") }
      }
      try store.endRun(run, state: .finished)
      for _ in 0..<random.below(3) { try judge(run, of: plan.experiment, in: store, &random) }
    }
    return fixture
  }

  /// What the system tells of a machine, some of it not.
  private static func conditions(_ random: inout SeededGenerator) -> TimingConditions {
    func some(_ limit: Int) -> Double? { random.below(3) == 0 ? nil : Double(random.below(limit)) / 4 }
    return TimingConditions(
      rule: .standard, waitedSeconds: Double(random.below(30)), loadBefore: some(9), loadDuring: some(9),
      frequency: .init(start: some(9_000), end: some(9_000)), temperature: .init(start: some(400), end: some(400)))
  }

  /// Stores a calibration or an accepted level of a run.
  private static func judge(
    _ run: Int64, of experiment: String, in store: ResultsStore, _ random: inout SeededGenerator
  ) throws {
    let count = random.below(9) + 1
    if random.below(2) == 0 {
      try store.insert([
        CalibrationRecord(
          experiment: experiment + "-calibration", cell: "timing:a/b", run: run, significance: 0.01, comparisons: count,
          falseAlarms: random.below(count + 1), falseAlarmRange: 0...0.5, pairs: 20, noise: 0.01, power: 0.8,
          detectable: random.below(2) == 0 ? nil : 0.02, detectableRange: random.below(2) == 0 ? nil : 0.01...0.03,
          planted: random.below(2) == 0 ? nil : 0.05, plantedComparisons: count, plantedFound: random.below(count + 1))
      ])
    } else {
      try store.accept([
        BaselineRecord(
          experiment: experiment, cell: "timing:a", run: run, value: Double(count), unit: "s", nights: count,
          acceptedBy: "Ada", reason: "reason \(count)")
      ])
    }
  }

  @Test func `merging in any order and repeatedly gives the same rows`() async throws {
    for round in 0..<(4 * Rounds.factor) {
      var random = SeededGenerator(UInt64(round + 1))
      var sources: [StoreFixture] = []
      for _ in 0..<3 { sources.append(try await Self.makeSource(&random)) }
      var results: [[String]] = []
      for _ in 0..<3 {
        let target = StoreFixture()
        let store = try target.open()
        for source in sources.shuffled(using: &random) { try store.merge(source.folder) }
        for source in sources.shuffled(using: &random) + sources {
          #expect(try store.merge(source.path).addedRuns.isEmpty)
        }
        #expect(try store.verify().problems.isEmpty)
        results.append(try Self.rows(of: store))
      }
      #expect(results[0] == results[1] && results[1] == results[2], "round \(round)")
      for table in ["condition", "calibration", "baseline"] {
        let stored = try sources.map {
          try Self.rows(of: $0.open(.readOnly)).count { $0.contains("text(\"\(table)\")") }
        }
        #expect(
          results[0].count { $0.contains("text(\"\(table)\")") } == stored.reduce(0, +), "round \(round), \(table)")
      }
      let total = try sources.map { try $0.open(.readOnly).runs().count }.reduce(0, +)
      #expect(results[0].filter { $0.contains("text(\"run\")") }.count == total)
    }
  }

  @Test func `a bundle carries rows, files and logs, and is a results folder itself`() async throws {
    let source = StoreFixture()
    let store = try source.open()
    let run = try StoreFixture.begin(in: store)
    let id = try await StoreFixture.succeed(
      0, run: run, in: store, samples: [SampleResult(metric: "x", value: .infinity)]
    ).id
    try store.endRun(run, state: .failed)
    try StoreFixture.write("hello\n", to: "\(source.folder)/attempts/\(id)/stdout.log")
    let unfinished = try StoreFixture.begin(in: store)
    let bundle = "\(source.folder)/bundle"
    let content = try store.exportBundle(to: bundle)
    #expect(content.addedRuns.count == 1 && content.addedFiles == 1 && content.unfinishedRuns == [unfinished])
    try ResultsBundle.check(bundle)
    let reader = try ResultsStore(path: "\(bundle)/results.sqlite", mode: .readOnly)
    #expect(try reader.experimentResults(name: "exp1").jobs[0].attempt?.samples.first?.value == .infinity)
    let target = StoreFixture()
    let merged = try target.open()
    _ = try StoreFixture.begin(in: merged)
    let summary = try merged.merge(bundle)
    #expect(summary.addedRuns.count == 1 && summary.addedAttempts == 1)
    #expect(try merged.verify().problems.isEmpty)
    #expect(try StoreFixture.read("\(target.folder)/attempts/1/stdout.log") == "hello\n")
    let again = try merged.merge(bundle)
    #expect(again.addedRuns.isEmpty && again.addedAttempts == 0 && again.addedFiles == 0 && again.knownRuns == 1)
    #expect(throws: StoreError.self) { try store.exportBundle(to: bundle) }
  }

  @Test func `later invalidations arrive, and a missing file stops a merge before anything is changed`() async throws {
    let source = StoreFixture()
    let store = try source.open()
    let run = try StoreFixture.begin(in: store)
    let first = try await StoreFixture.succeed(0, run: run, in: store, content: "one")
    let second = try await StoreFixture.succeed(1, run: run, in: store, content: "two")
    try store.endRun(run, state: .finished)
    let target = StoreFixture()
    let merged = try target.open()
    unlink(try #require(second.files["image"]).path)
    #expect {
      try merged.merge(source.folder)
    } throws: { ($0 as? StoreError)?.code == .artifact && "\($0)".contains("nothing was merged") }
    #expect(try merged.runs().isEmpty)
    try store.invalidate(attempt: second.id, reason: "lost the file")
    try merged.merge(source.folder)
    #expect(try merged.verify().problems.isEmpty)
    try store.invalidate(attempt: first.id, reason: "wrong")
    #expect(try merged.merge(source.folder).newlyInvalid == 1)
    #expect(try merged.reusableAttempts(for: [(StoreFixture.fingerprint("coarse 43"), false)]).isEmpty)
    #expect(try Self.rows(of: merged) == Self.rows(of: store))
  }

  @Test func `judgements that come after a merge arrive with the next one, once, whatever came before`() async throws {
    let source = StoreFixture()
    let store = try source.open()
    let run = try StoreFixture.begin(in: store)
    let busy = TimingConditions(
      rule: .standard, waitedSeconds: 30, loadBefore: 1.5)
    try await StoreFixture.succeed(0, run: run, in: store, conditions: busy)
    try store.endRun(run, state: .finished)
    let target = StoreFixture()
    let merged = try target.open()
    let own = try StoreFixture.begin(in: merged)
    try merged.endRun(own, state: .failed)
    try merged.merge(source.folder)
    let added = try #require(try merged.runs().first { $0.id != own })
    #expect(try merged.attempts(ofRun: added.id).compactMap(\.conditions) == [busy])
    var random = SeededGenerator(7)
    for _ in 0..<6 { try Self.judge(run, of: "exp1", in: store, &random) }
    let back = StoreFixture()
    let third = try back.open()
    for _ in 0..<2 {
      try merged.merge(source.folder)
      try third.merge(target.folder)
      try third.merge(source.folder)
    }
    let machine = added.machine["fingerprint"]?.stringValue
    let levels = try store.baselines(experiment: "exp1", machine: machine, onlyAccepted: false)
    #expect(!levels.isEmpty && levels.count < 6)
    for other in [merged, third] {
      #expect(try other.verify().problems.isEmpty)
      let copies = try other.baselines(experiment: "exp1", machine: machine, onlyAccepted: false)
      #expect(copies.map(\.value) == levels.map(\.value) && copies.map(\.acceptedAt) == levels.map(\.acceptedAt))
      let calibrations = try [store, other].map { store in
        try store.calibrations(machine: machine).map { [$0.comparisons, $0.falseAlarms, $0.plantedFound] }
      }
      #expect(calibrations[0] == calibrations[1] && calibrations[0].count == 1)
    }
  }

  @Test func `a bundle that is cut or altered anywhere is refused, and nothing of it is taken`() async throws {
    let source = StoreFixture()
    let store = try source.open()
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store, content: "image")
    try store.endRun(run, state: .finished)
    let bundle = "\(source.folder)/bundle"
    try store.exportBundle(to: bundle)
    let files = try FileManager.default.subpathsOfDirectory(atPath: bundle).map { "\(bundle)/\($0)" }.filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
    }
    #expect(files.count == 3)
    for file in files {
      chmod(file, 0o644)
      let original = try Data(contentsOf: URL(fileURLWithPath: file))
      let isManifest = file.hasSuffix("bundle.json")
      let step = isManifest ? 1 : max(1, original.count / (60 * Rounds.factor))
      for offset in stride(from: 0, to: original.count, by: step) {
        for damaged in [Self.flipped(original, at: offset), original.prefix(offset)] {
          try damaged.write(to: URL(fileURLWithPath: file))
          #expect(throws: StoreError.self, "\(file) at \(offset)") { try ResultsBundle.check(bundle) }
        }
      }
      let target = StoreFixture()
      let merged = try target.open()
      #expect { try merged.merge(bundle) } throws: { ($0 as? StoreError)?.code == .corrupt }
      #expect(try merged.runs().isEmpty)
      try original.write(to: URL(fileURLWithPath: file))
    }
    try ResultsBundle.check(bundle)
  }

  static func flipped(_ data: Data, at offset: Int) -> Data {
    var damaged = data
    damaged[damaged.startIndex + offset] ^= UInt8(1) << UInt8(offset % 8)
    return damaged
  }
}
