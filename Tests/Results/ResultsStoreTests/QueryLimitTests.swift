import Foundation
import GRDB
import ResultsStore
import Testing

@Suite struct QueryLimitTests {
  let fixture = StoreFixture()

  private func error(_ sql: String, timeLimit: Double = 60) throws -> StoreError {
    let store = try fixture.open(.readOnly)
    return try #require(throws: StoreError.self) { try store.query(sql, timeLimit: timeLimit) }
  }

  @Test(arguments: [
    "savepoint a", "BEGIN", "BEGIN EXCLUSIVE", "COMMIT", "ROLLBACK", "RELEASE a", "ATTACH '/tmp/x.sqlite' AS x",
    "DETACH main",
    "PRAGMA journal_mode = DELETE", "PRAGMA query_only = 0", "PRAGMA user_version = 7",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA locking_mode = EXCLUSIVE", "DELETE FROM sample",
    "INSERT INTO metric (name, unit) VALUES ('a', 'b') RETURNING id",
    "CREATE TEMP TABLE t (x)", "DROP VIEW result", "VACUUM", "VACUUM INTO '/tmp/query-limit-tests.sqlite'", "REINDEX",
    "ANALYZE",
    "SELECT 1; SELECT 2", "SELECT 1; nonsense", "", "-- nothing", ";", "EXPLAIN DELETE FROM sample",
    "WITH x AS (SELECT 1) UPDATE attempt SET stage = 'x'",
  ]) func `what is not one reading statement is refused with one message`(sql: String) throws {
    _ = try fixture.open()
    let facts = "SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema"
    let before = try StoreFixture.queue(fixture.path).read { try Row.fetchOne($0, sql: facts) }
    let error = try error(sql)
    #expect(error.code == .inconsistent)
    #expect(
      "\(error)"
        == "the query cannot be answered: a query only reads, with one SELECT, WITH or VALUES statement; Docs/Results.md lists tables and views"
    )
    #expect(try StoreFixture.queue(fixture.path).read { try Row.fetchOne($0, sql: facts) } == before)
    #expect(access("/tmp/query-limit-tests.sqlite", F_OK) != 0)
    #expect(try fixture.open(.readOnly).query("SELECT 1").rows == [[.integer(1)]])
  }

  @Test func `reading statements of every form are answered`() throws {
    _ = try fixture.open()
    let store = try fixture.open(.readOnly)
    for sql in [
      "SELECT 1;", " select 1 -- one\n;; ", "VALUES (1)", "WITH x(a) AS (SELECT 1) SELECT a FROM x",
      "SELECT count(*) FROM pragma_table_info('schema_version') WHERE name = 'version'",
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000) SELECT count(*) / 100000 FROM c",
    ] {
      #expect(try store.query(sql).rows == [[.integer(1)]], "\(sql)")
    }
    #expect(try store.query("PRAGMA table_info(schema_version)").columns.contains("name"))
    #expect(
      try store.query("SELECT x'00ff', 'a' || char(0) || 'b', NULL, 1.5").rows == [
        [
          .bytes([0, 255]), .text("a\u{0}b"), .null, .real(1.5),
        ]
      ])
  }

  @Test func `a query without end ends by its time`() throws {
    _ = try fixture.open()
    for sql in [
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
      "SELECT count(*) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c)",
    ] {
      #expect("\(try error(sql, timeLimit: 0.2))".contains("it takes more than 0.2 s; ask for less"))
    }
  }

  @Test func `an answer without end ends by its size`() throws {
    _ = try fixture.open()
    let sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT hex(zeroblob(4000000)) FROM c"
    #expect("\(try error(sql))".contains("it needs more than 256 MiB; ask for less, for example with LIMIT"))
  }

  @Test func `views that name themselves are an error`() throws {
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).write { database in
      try database.execute(sql: "CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW b AS SELECT * FROM a; DROP VIEW a")
      try database.execute(sql: "CREATE VIEW a AS SELECT * FROM b")
    }
    #expect("\(try error("SELECT * FROM a"))".contains("circularly defined"))
  }
}
