import AttemptModel
import GRDB
import Glibc
import ResultsStore
import Testing
import TestSupport

@Suite struct StoreOpeningTests {
  let fixture = StoreFixture()

  private func expectError(_ code: StoreError.Code, _ message: String, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("no error was thrown")
    } catch {
      #expect((error as? StoreError)?.code == code)
      #expect("\(error)" == message)
    }
  }

  @Test func `a second writer is refused with the number of the first`() throws {
    let store = try fixture.open()
    expectError(
      .busy,
      "'\(fixture.path)' is being written by process \(getpid()); wait until it ends, or use another results folder"
    ) { _ = try fixture.open() }
    #expect(try fixture.open(.readOnly).runs().isEmpty)
    withExtendedLifetime(store) {}
  }

  @Test func `the lock ends with the store`() throws {
    for _ in 0..<3 { _ = try fixture.open() }
  }

  @Test func `a reader creates nothing and says what is missing`() {
    expectError(
      .missing,
      "there is no results database '\(fixture.path)'; `orchestrate run` makes one, or name another results folder"
    ) { _ = try fixture.open(.readOnly) }
    #expect(access(fixture.path, F_OK) != 0)
  }

  @Test func `a reader may not write`() throws {
    _ = try fixture.open()
    let reader = try fixture.open(.readOnly)
    expectError(.notWritable, "'\(fixture.path)' was opened for reading only") {
      _ = try StoreFixture.begin(in: reader)
    }
  }

  @Test func `a newer schema is refused by whoever opens it`() throws {
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).write { try $0.execute(sql: "UPDATE schema_version SET version = 99") }
    for mode in [ResultsStore.Mode.readOnly, .readWrite] {
      expectError(
        .newerSchema,
        "'\(fixture.path)' was made by a newer version of this program (schema 99, this one knows \(Schema.current.version)); "
          + "update this program, or use another results folder"
      ) { _ = try fixture.open(mode) }
    }
  }

  @Test func `a file that is no database is left as it is`() throws {
    let text = String(repeating: "this is a text file, not a database\n", count: 300)
    try StoreFixture.write(text, to: fixture.path)
    for mode in [ResultsStore.Mode.readOnly, .readWrite] {
      expectError(
        .notADatabase,
        "'\(fixture.path)' is not a results database (file is not a database); name another file, or restore it from a backup"
      ) { _ = try fixture.open(mode) }
    }
    #expect(try StoreFixture.read(fixture.path) == text)
  }

  @Test func `another program's database is left as it is`() throws {
    try StoreFixture.queue(fixture.path).write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
    expectError(
      .notADatabase, "'\(fixture.path)' is an SQLite file of another program (tables: recipe); name another file"
    ) { _ = try fixture.open() }
  }

  @Test func `a damaged database is reported, not used`() async throws {
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      try await StoreFixture.succeed(
        0, run: run, in: store, samples: (0..<5000).map { .init(metric: "x", value: Double($0)) })
    }
    let descriptor = open(fixture.path, O_RDWR)
    let size = lseek(descriptor, 0, SEEK_END)
    let garbage = [UInt8](repeating: 0xA5, count: 4096)
    for page in stride(from: Int(size) / 4096 / 2, to: Int(size) / 4096, by: 1) {
      pwrite(descriptor, garbage, garbage.count, page * 4096)
    }
    close(descriptor)
    switch Result(catching: { try fixture.open(.readOnly).verify() }) {
    case .success(let verification): #expect(verification.problems.contains { $0.kind == .database })
    case .failure(let error):
      #expect((error as? StoreError)?.code == .corrupt)
      #expect("\(error)".hasPrefix("'\(fixture.path)' is damaged ("))
    }
    #expect(throws: StoreError.self) {
      try fixture.open(.readOnly).attempts(of: StoreFixture.fingerprint("coarse 43"))
    }
  }

  @Test func `the embedded schema is the file schema.sql`() throws {
    #expect(try StoreFixture.read("\(packageFolder)/schema.sql") == Schema.current.sql)
    _ = try fixture.open()
    let version = try StoreFixture.queue(fixture.path).read {
      try Int.fetchOne($0, sql: "SELECT version FROM schema_version")
    }
    #expect(version == Schema.current.version)
  }

  @Test func `readers see whole transactions while another writes`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let reader = try fixture.open(.readOnly)
    let writing = Task {
      for _ in 0..<60 {
        try await StoreFixture.succeed(
          0, run: run, in: store, samples: (0..<50).map { SampleResult(metric: "x", value: Double($0)) })
      }
    }
    var seen = 0
    while seen < 60 {
      let attempts = try reader.attempts(ofRun: run)
      for attempt in attempts where attempt.state == .ended(.succeeded) {
        #expect(attempt.samples.count == 50 && attempt.artifacts.count == 1)
      }
      let finished = attempts.count { $0.state == .ended(.succeeded) }
      #expect(finished >= seen)
      seen = finished
      await Task.yield()
    }
    try await writing.value
  }
}
