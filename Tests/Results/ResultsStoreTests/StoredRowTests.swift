import AttemptModel
import GRDB
import JSON
import ResultsStore
import Testing

@Suite struct StoredRowTests {
  private let fixture = StoreFixture()

  /// Changes one value behind the schema's back, as a damaged disk or another program would.
  private func damage(_ table: String, _ column: String, _ value: String) throws {
    try StoreFixture.queue(fixture.path).writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA writable_schema = ON")
      var sql = "replace(sql, ') STRICT', ')')"
      for type in ["TEXT", "INTEGER", "REAL"] { sql = "replace(\(sql), '\(type) NOT NULL', '')" }
      try database.execute(sql: "UPDATE sqlite_schema SET sql = \(sql) WHERE type = 'table'")
      try database.execute(sql: "PRAGMA writable_schema = RESET")
      try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.execute(sql: "UPDATE \(table) SET \(column) = \(value)")
    }
  }

  @Test(arguments: [
    ("attempt", "started_ns", "'soon'", "holds text where a whole number belongs"),
    ("attempt", "started_ns", "NULL", "holds nothing where a whole number belongs"),
    ("attempt", "number", "1.5", "holds the number 1.5 where a whole number belongs"),
    ("attempt", "stage", "x'00ff'", "holds bytes where text belongs"),
    ("sample", "repetition", "'first'", "holds text where a whole number belongs"),
    ("sample", "is_warmup", "7", "holds the number 7.0 where 0 or 1 belongs"),
    ("artifact", "byte_count", "'many'", "holds text where a whole number belongs"),
    ("metric", "name", "NULL", "holds nothing where text belongs"),
    ("run", "pid", "99999999999", "holds the number 99999999999.0 where a whole number of 32 bits belongs"),
    ("plan", "axes", "'[1,'", "holds text where JSON text belongs"),
    ("trial", "assignment", "7", "holds the number 7.0 where JSON text belongs"),
    ("code_state", "is_dirty", "NULL", "holds nothing where 0 or 1 belongs"),
  ]) func `a value of the wrong kind is an error that names table and column`(
    table: String, column: String, value: String, problem: String
  ) async throws {
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      try await StoreFixture.succeed(0, run: run, in: store, samples: [SampleResult(metric: "x", value: 1)])
    }
    try damage(table, column, value)
    let expected =
      "'\(fixture.path)' is damaged, or was not made by this program (column '\(column)' of table '\(table)' "
    let reader = try fixture.open(.readOnly)
    let error = try #require(throws: StoreError.self) {
      _ = try reader.runs()
      _ = try reader.experimentResults(name: "exp1")
      _ = try reader.verify()
    }
    #expect(error.code == .corrupt)
    #expect("\(error)" == "\(expected)\(problem)); restore it from a backup")
  }

  @Test func `the greatest numbers and text with NUL are read as they are`() async throws {
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      try await StoreFixture.succeed(0, run: run, in: store)
    }
    try damage("attempt", "started_ns", "\(Int64.min)")
    try damage("attempt", "stage", "'a' || char(0) || 'b'")
    let attempt = try #require(try fixture.open(.readOnly).attempts(ofRun: 1).first)
    #expect(attempt.durationSeconds > 9e9)
    #expect(attempt.stage == "a\u{0}b")
  }
}
