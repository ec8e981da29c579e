import AttemptModel
import Foundation
import GRDB
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct StoreMigrationTests {
  private static let statement = "CREATE INDEX run_by_plan ON run (plan_id);"

  private static let version = Schema.current.version

  let fixture = StoreFixture()

  /// The present schema as the version after, and one before that lacks one of its indexes and a column, and has no views.
  private static var old: Schema {
    let tables = Schema.current.sql.components(separatedBy: "CREATE VIEW")[0]
    let sql = tables.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0 != statement && $0 != "  invalid_reason TEXT," }
      .joined(separator: "\n")
    return Schema(version: version, sql: sql, migrations: [])
  }

  private static func new(_ migration: String) -> Schema {
    Schema(version: version + 1, sql: "", migrations: [.init(from: version, sql: migration)])
  }

  private func makeOld() async throws {
    let store = try ResultsStore(path: fixture.path, mode: .readWrite, schema: Self.old)
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store, samples: [SampleResult(metric: "x", value: .nan)])
    try store.endRun(run, state: .finished)
  }

  @Test func `an older database is migrated after a backup and keeps its content`() async throws {
    try await makeOld()
    let schema = Self.new("ALTER TABLE attempt ADD COLUMN invalid_reason TEXT; \(Self.statement)")
    let store = try ResultsStore(path: fixture.path, mode: .readWrite, schema: schema)
    #expect(try store.experimentResults(name: "exp1").jobs[0].attempt?.samples.count == 1)
    #expect(try store.events().last?.detail == "from schema \(Self.version) to \(Self.version + 1)")
    #expect(try store.verify().problems.isEmpty)
    let backup = try #require(store.migrationBackup)
    let versions = try [fixture.path, backup].map { path in
      try StoreFixture.queue(path).read { try Int.fetchOne($0, sql: "SELECT version FROM schema_version") }
    }
    #expect(versions == [Self.version + 1, Self.version])
    #expect(try ResultsStore(path: backup, mode: .readOnly, schema: Self.old).runs().count == 1)
  }

  @Test func `a failing migration changes nothing and names the copy`() async throws {
    try await makeOld()
    let schema = Self.new("DROP TABLE trial; CREATE NONSENSE;")
    #expect {
      _ = try ResultsStore(path: fixture.path, mode: .readWrite, schema: schema)
    } throws: { error in
      let message = "\(error)"
      return (error as? StoreError)?.code == .migration
        && message.contains("it is unchanged, and '\(fixture.path).schema-\(Self.version)-")
    }
    let unchanged = try ResultsStore(path: fixture.path, mode: .readWrite, schema: Self.old)
    #expect(try unchanged.runs().count == 1)
    let trials = try await StoreFixture.queue(fixture.path).read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM trial")
    }
    #expect(trials == 4)
  }

  @Test func `a reader does not migrate and says who does`() async throws {
    try await makeOld()
    #expect {
      _ = try ResultsStore(path: fixture.path, mode: .readOnly, schema: Self.new(""))
    } throws: { error in
      "\(error)" == "'\(fixture.path)' was made by an older version of this program "
        + "(schema \(Self.version), this one reads \(Self.version + 1)); "
        + "`orchestrate recover` brings it up to date, after a backup"
    }
  }

  @Test func `an unknown step is refused`() async throws {
    try await makeOld()
    #expect {
      _ = try ResultsStore(
        path: fixture.path, mode: .readWrite, schema: Schema(version: Self.version + 2, sql: "", migrations: []))
    } throws: { ($0 as? StoreError)?.code == .migration }
  }

  @Test func `every older version has a way to the present one`() {
    #expect(Set(Schema.current.migrations.map(\.from)) == Set(1..<Schema.current.version))
  }

  @Test(arguments: 1..<Schema.current.version)
  func `a database of an older version gets the tables of a new one and keeps its rows`(version: Int) throws {
    try makeStored(version: version)
    let store = try fixture.open()
    #expect(store.migrationBackup != nil)
    #expect(try store.verify().problems.isEmpty)
    let rows = try store.query(
      "SELECT run.uid, attempt.id, number, exit_code, signal, warnings FROM run JOIN attempt ON run_id = run.id ORDER BY 2"
    ).rows
    let ends: [QueryResult.Value] = [.null, .null, .null]
    #expect(
      rows == [
        [.text("boot.7.9.1"), .integer(4), .integer(1)] + ends, [.text("boot.7.9.2"), .integer(5), .integer(1)] + ends,
      ])
    #expect(try store.query("SELECT count(*) FROM timing").rows == [[.integer(0)]])
    #expect(try store.query("SELECT * FROM job_need").rows == [[.integer(1), .integer(1), .integer(0)]])
    let inputs: [[QueryResult.Value]] = [
      [.integer(4), .text("file"), .text("a.py"), .text("1")],
      [.integer(4), .text("package"), .text("six"), .text("2")],
    ]
    let stored = try store.query("SELECT attempt, kind, name, value FROM attempt_input ORDER BY name").rows
    #expect(stored == (version < 4 ? [] : inputs))
    let fresh = StoreFixture()
    _ = try fresh.open()
    #expect(try Self.definitions(in: fixture.path) == Self.definitions(in: fresh.path))
  }

  /// Makes the database as a program of that version left it: two runs of a job, whose attempts were lost.
  private func makeStored(version: Int) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Schemas/schema-\(version).sql")
    let digest = String(repeating: "a", count: 64)
    let run = { (id: Int, year: Int) in
      let name = version == 1 ? "\(id)" : "\(id), 'boot.7.9.\(id)', \(year)"
      return "(\(name), 1, 1, 1, 't', 'finished', '\(year)', '\(year)', 'boot', 7, 9)"
    }
    let queue = try StoreFixture.queue(fixture.path)
    try queue.inDatabase { database in
      try database.execute(sql: try String(contentsOf: file, encoding: .utf8))
      try database.execute(
        sql: """
          INSERT INTO machine VALUES (1, '\(digest)', 'cpu', 2, 1, 'Linux', 0);
          INSERT INTO code_state VALUES (1, 'c', 0, '', '');
          INSERT INTO spec VALUES (1, 'old', '\(digest)', '{}');
          INSERT INTO plan VALUES (1, 1, '\(digest)', '["seed"]', '{"jobs":[{},{"needs":[0]}]}', 't');
          INSERT INTO trial VALUES (1, 0, '{"seed":1}');
          INSERT INTO job VALUES (1, 0, 'a', '\(digest)', 'throughput', '{}'), (1, 1, 'b', '\(digest)', 'timed', '{}');
          INSERT INTO run (id, \(version == 1 ? "" : "uid, sequence,") plan_id, machine_id, code_state_id, tool_version, state, started_at,
            ended_at, boot_id, pid, process_start) VALUES \(run(1, 2026)), \(run(2, 2027));
          INSERT INTO attempt (id, fingerprint, number, run_id, plan_id, job_position, stage, machine_id, state, exit_kind,
            boot_id, pid, process_start, seed, tool_version, started_at, started_ns, load_start)
          VALUES (4, '\(digest)', 1, 1, 1, 0, 'a', 1, 'lost', 'lost', 'boot', 7, 9, 1, 't', '2026', 1, 0),
            (5, '\(digest)', \(version == 1 ? 2 : 1), 2, 1, 0, 'a', 1, 'lost', 'lost', 'boot', 7, 9, 1, 't', '2027', 1, 0);
          """)
      if version > 1 { try database.execute(sql: "INSERT INTO job_need VALUES (1, 1, 0)") }
      if version >= 4 {
        try database.execute(
          sql: """
            INSERT INTO input_set (id, digest, entries) VALUES (1, '\(digest)', '[["file","a.py","1"],["package","six","2"]]');
            UPDATE attempt SET input_set_id = 1 WHERE id = 4;
            """)
      }
    }
    try queue.close()
  }

  /// What defines tables, indexes, views and triggers, however it is laid out.
  private static func definitions(in path: String) throws -> [String] {
    try StoreFixture.queue(path).read { database in
      try String.fetchAll(database, sql: "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name")
    }.map { $0.filter { $0 != "\"" && !$0.isWhitespace } }
  }

  @Test(arguments: [0.0, 0.004, 0.008, 0.015, 0.03, 0.05, 0.08, 0.12])
  func `a kill during a migration leaves the old or the new database, whole`(delay: Double) async throws {
    try await makeCurrent()
    let helper = try Helper([fixture.path, "migrate"])
    usleep(UInt32(delay * 1e6))
    kill(helper.process.processIdentifier, SIGKILL)
    _ = helper.lines()
    let version = try await StoreFixture.queue(fixture.path).read {
      try Int.fetchOne($0, sql: "SELECT version FROM schema_version") ?? 0
    }
    let schema = version == Schema.current.version ? Schema.current : .slowlyMigrating
    let store = try ResultsStore(path: fixture.path, mode: .readWrite, schema: schema)
    #expect(try store.verify().problems.isEmpty)
    #expect(try store.experimentResults(name: "exp1").jobs[0].attempt?.samples.count == 1)
    let whole = try FileManager.default.contentsOfDirectory(atPath: fixture.folder).filter { $0.hasSuffix(".backup") }
    for backup in whole {
      let copy = try ResultsStore(path: "\(fixture.folder)/\(backup)", mode: .readOnly)
      #expect(try copy.verify(checksDigests: false).problems.allSatisfy { $0.kind != .database })
    }
    if version == schema.version, version > Schema.current.version { #expect(!whole.isEmpty) }
  }

  private func makeCurrent() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store, samples: [SampleResult(metric: "x", value: .nan)])
    try store.endRun(run, state: .finished)
  }

  @Test func `a backup beside a writer is a whole database`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store)
    let copy = "\(fixture.folder)/backups/copy.sqlite"
    try store.backup(to: copy)
    #expect(try ResultsStore(path: copy, mode: .readOnly).attempts(ofRun: run).count == 1)
    #expect {
      try store.backup(to: copy)
    } throws: { "\($0)" == "the backup '\(copy)' exists already; name a new file" }
  }
}
