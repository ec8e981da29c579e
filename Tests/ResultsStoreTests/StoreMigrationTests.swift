import GRDB
import Glibc
import ResultsStore
import Testing

@Suite struct StoreMigrationTests {
  private static let statement = "CREATE INDEX run_by_plan ON run (plan_id);"

  let fixture = StoreFixture()

  /// The present schema as version 2, and a version 1 that lacks one of its indexes and a column.
  private static var old: Schema {
    let sql = Schema.current.sql.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0 != statement && $0 != "  invalid_reason TEXT," }
      .joined(separator: "\n")
    return Schema(version: 1, sql: sql, migrations: [])
  }

  private static func new(_ migration: String) -> Schema {
    let sql = Schema.current.sql.split(separator: "VALUES (1, 1)").joined(separator: "VALUES (1, 2)")
    return Schema(version: 2, sql: sql, migrations: [.init(from: 1, sql: migration)])
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
    #expect(try store.events().last?.detail == "from schema 1 to 2")
    #expect(try store.verify().problems.isEmpty)
    let backup = try #require(store.migrationBackup)
    let versions = try [fixture.path, backup].map { path in
      try StoreFixture.queue(path).read { try Int.fetchOne($0, sql: "SELECT version FROM schema_version") }
    }
    #expect(versions == [2, 1])
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
        && message.contains("it is unchanged, and '\(fixture.path).schema-1-")
    }
    #expect(
      try ResultsStore(path: fixture.path, mode: .readWrite, schema: Self.old).experimentResults(name: "exp1").trials
        .count == 4)
  }

  @Test func `a reader does not migrate and says who does`() async throws {
    try await makeOld()
    #expect {
      _ = try ResultsStore(path: fixture.path, mode: .readOnly, schema: Self.new(""))
    } throws: { error in
      "\(error)" == "'\(fixture.path)' was made by an older version of this program (schema 1, this one reads 2); "
        + "`orchestrate recover` brings it up to date, after a backup"
    }
  }

  @Test func `an unknown step is refused`() async throws {
    try await makeOld()
    #expect {
      _ = try ResultsStore(path: fixture.path, mode: .readWrite, schema: Schema(version: 3, sql: "", migrations: []))
    } throws: { ($0 as? StoreError)?.code == .migration }
  }

  @Test func `every older version has a way to the present one`() {
    #expect(Set(Schema.current.migrations.map(\.from)) == Set(1..<Schema.current.version))
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
