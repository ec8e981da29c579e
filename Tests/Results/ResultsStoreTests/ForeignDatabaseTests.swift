import Foundation
import GRDB
import Glibc
import ResultsStore
import Testing

@Suite struct ForeignDatabaseTests {
  @Test(arguments: [
    // Values of other types than their columns'.
    "UPDATE attempt SET started_ns = 'soon'", "UPDATE attempt SET seed = NULL",
    "UPDATE attempt SET load_start = 'high'",
    "UPDATE sample SET value = 'x', special = NULL", "UPDATE sample SET value = NULL, special = NULL",
    "UPDATE sample SET value = 9e999, special = NULL", "UPDATE sample SET repetition = -1",
    "UPDATE sample SET repetition = 1.5", "UPDATE spec SET name = x'00'", "UPDATE run SET started_at = NULL",
    "UPDATE run SET state = 'asleep'", "UPDATE run SET pid = 1 << 40", "UPDATE run SET pid = -1",
    "UPDATE run SET sequence = 9223372036854775807", "UPDATE run SET uid = ''",
    "UPDATE run SET uid = hex(zeroblob(300))", "UPDATE artifact SET byte_count = 'many'",
    "UPDATE artifact SET byte_count = -1", "UPDATE timing_condition SET load_limit = 'x'",
    "UPDATE calibration SET pairs = NULL", "UPDATE calibration SET power = 2",
    "UPDATE job SET lane = 'fast'", "UPDATE trial SET assignment = '[1]'", "UPDATE trial SET assignment = '{'",
    "UPDATE plan SET axes = '[1]'", "UPDATE plan SET axes = '7'", "UPDATE spec SET canonical = '{\"name\":\"exp2\"}'",
    // References to what is not there.
    "UPDATE attempt SET machine_id = 99", "UPDATE run SET plan_id = 99", "UPDATE sample SET metric_id = 99",
    "UPDATE run_job SET attempt_id = 99", "INSERT INTO job_trial VALUES (1, 99, 0)", "DELETE FROM code_state",
    // Digests that are something else.
    "UPDATE artifact SET sha256 = substr('../../../../../../../../../../etc/passwd' || hex(zeroblob(64)), 1, 64)",
    "UPDATE artifact SET sha256 = upper(sha256)", "UPDATE artifact SET sha256 = sha256 || char(0) || '/../x'",
    "UPDATE artifact SET sha256 = substr(sha256, 2)", "UPDATE plan SET hash = upper(hash)",
    "UPDATE job SET fingerprint = 'x'", "UPDATE machine SET fingerprint = substr(fingerprint, 1, 63) || 'z'",
    // Names that lead elsewhere.
    "UPDATE spec SET name = '../../evil'", "UPDATE spec SET name = 'a' || char(10) || '\\input{x}'",
    "UPDATE spec SET name = ''", "UPDATE spec SET name = '.hidden'", "UPDATE spec SET name = 'a' || char(27) || '[2J'",
    "UPDATE spec SET name = 'con'", "UPDATE spec SET name = hex(zeroblob(61))",
    "UPDATE spec SET name = 'a' || char(0) || 'b'",
    // Versions that are none.
    "UPDATE schema_version SET version = 0", "UPDATE schema_version SET version = -3",
    "UPDATE schema_version SET version = 99", "UPDATE schema_version SET version = 'four'",
    "UPDATE schema_version SET version = NULL", "DELETE FROM schema_version", "UPDATE schema_version SET version = 3",
    "UPDATE schema_version SET version = 1",
    // Tables that are not ours.
    "DROP TABLE baseline", "DROP INDEX run_by_plan",
    "CREATE INDEX own ON run (hex(zeroblob(100000000)))",
    "CREATE TRIGGER own AFTER INSERT ON event BEGIN DELETE FROM event; END",
    "DROP TABLE schema_version; CREATE VIEW schema_version AS SELECT 4 AS version",
    """
    DROP TABLE freed_content; CREATE VIEW freed_content AS WITH RECURSIVE n(sha256) AS (SELECT 1 UNION ALL SELECT sha256 + 1 FROM n)
    SELECT sha256, 1 AS byte_count, '' AS freed_at, '' AS reason FROM n
    """,
    "ALTER TABLE sample RENAME TO old; CREATE VIEW sample AS SELECT * FROM old, old AS o2, old AS o3",
  ])
  func `a database that was falsified is refused with one error, and nothing of it is taken`(sql: String) async throws {
    let foreign = try await ForeignFixture()
    try ForeignFixture.falsify(foreign.source.path, sql)
    try foreign.expectRefusal("\(sql)")
    let own = try foreign.target.open()
    #expect(try own.events().allSatisfy { $0.kind != "attempt-finished" })
  }

  @Test(arguments: [
    "ALTER TABLE run ADD COLUMN more TEXT", "ALTER TABLE sample RENAME COLUMN value TO worth",
    "ALTER TABLE baseline RENAME TO old; CREATE TABLE baseline (id INTEGER PRIMARY KEY)",
  ])
  func `a table that is defined otherwise is refused`(sql: String) async throws {
    let foreign = try await ForeignFixture()
    try await StoreFixture.queue(foreign.source.path).write { try $0.execute(sql: sql) }
    #expect(try foreign.expectRefusal("\(sql)")?.message.contains("is not defined as every results database") == true)
  }

  @Test func `views and tables that somebody added are never read`() async throws {
    let foreign = try await ForeignFixture()
    try ForeignFixture.falsify(
      foreign.source.path,
      """
      DROP VIEW latest_result;
      CREATE VIEW latest_result AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
      CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM a;
      CREATE TABLE notes (text TEXT CHECK (length(hex(zeroblob(400000000))) > 0))
      """)
    let store = try foreign.target.open()
    #expect(try store.merge(foreign.source.folder).addedRuns.count == 1)
    #expect(try store.verify().problems.isEmpty)
    #expect(try store.experimentResults(name: "exp1").jobs.allSatisfy { $0.attempt?.samples.count == 2 })
  }

  @Test func `large texts and numbers at the edge are merged and read`() async throws {
    let foreign = try await ForeignFixture()
    try ForeignFixture.falsify(
      foreign.source.path,
      """
      UPDATE attempt SET message = hex(zeroblob(3000000)), started_ns = -9223372036854775807, ended_ns = 9223372036854775807,
        max_rss_bytes = 9223372036854775807, minor_faults = -1, user_seconds = 1e308;
      UPDATE sample SET value = -1.7976931348623157e308, repetition = 9223372036854775807 WHERE special IS NULL;
      UPDATE run SET process_start = -9223372036854775808
      """)
    let store = try foreign.target.open()
    #expect(try store.merge(foreign.source.folder).addedAttempts == 4)
    #expect(try store.verify().problems.isEmpty)
    let message = try store.experimentResults(name: "exp1").jobs[0].attempt?.message
    #expect(message?.hasSuffix("… (6000000 characters)") == true)
    var rows = 0
    try store.exportSamples(ExportSelection(), as: .csv) { _ in rows += 1 }
    #expect(rows > 8)
    let next = try StoreFixture.begin(in: store)
    #expect(try store.runs().first?.id == next)
  }

  @Test(arguments: [
    "UPDATE run SET started_at = '2020-01-01T00:00:00.000Z'", "UPDATE run SET pid = pid + 1",
    "UPDATE attempt SET fingerprint = substr(fingerprint, 2) || '0'", "UPDATE attempt SET started_at = '2020'",
    "UPDATE job SET stage = 'other'", "UPDATE machine SET fingerprint = substr(fingerprint, 2) || '0'",
    "UPDATE plan SET axes = '[\"seed\",\"steps\"]'",
  ])
  func `another content under the same name is refused`(sql: String) async throws {
    let foreign = try await ForeignFixture()
    try foreign.target.open().merge(foreign.source.folder)
    try ForeignFixture.falsify(foreign.source.path, sql)
    let error = try foreign.expectRefusal("\(sql)")
    #expect(error?.code == .inconsistent && error?.message.contains("which is here already") == true)
  }

  @Test func `every stored version is known by its definitions`() throws {
    for version in 1...Schema.current.version {
      let fixture = StoreFixture()
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Schemas/schema-\(version).sql")
      let sql = version == Schema.current.version ? Schema.current.sql : try String(contentsOf: file, encoding: .utf8)
      let queue = try StoreFixture.queue(fixture.path)
      try queue.inDatabase { try $0.execute(sql: sql) }
      try queue.close()
      let target = StoreFixture()
      #expect(try target.open().merge(fixture.folder).addedRuns.isEmpty, "version \(version)")
    }
  }

  @Test func `an older database whose rows do not fit the present schema leaves nothing behind`() async throws {
    let foreign = try await ForeignFixture()
    let digest = String(repeating: "a", count: 64)
    let old = StoreFixture()
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Schemas/schema-1.sql")
    let sql = try String(contentsOf: file, encoding: .utf8)
    let queue = try StoreFixture.queue(old.path)
    try await queue.write { database in
      try database.execute(sql: sql)
      try database.execute(
        sql: """
          INSERT INTO spec VALUES (1, 'old', '\(digest)', '{}');
          INSERT INTO plan VALUES (1, 1, '\(digest)', '["seed"]', '{"jobs":[{"needs":[7]}]}', 't');
          """)
    }
    try queue.close()
    let error = try foreign.expectRefusal(of: old.folder)
    #expect(error?.code == .corrupt && error?.message.contains("cannot be brought from schema 1") == true)
  }

  @Test(arguments: [
    "", "SQLite format 3\u{0}", "not a database, but long enough to look at: " + String(repeating: "x", count: 9_000),
  ])
  func `what is no database is refused`(content: String) async throws {
    let foreign = try await ForeignFixture()
    for suffix in ["", "-wal", "-shm"] { unlink(foreign.source.path + suffix) }
    try StoreFixture.write(content, to: foreign.source.path)
    try foreign.expectRefusal()
    try Data(content.utf8).write(to: URL(fileURLWithPath: foreign.source.path))
    try foreign.expectRefusal(of: foreign.source.path)
    try foreign.expectRefusal(of: foreign.source.folder + "/nowhere")
  }
}
