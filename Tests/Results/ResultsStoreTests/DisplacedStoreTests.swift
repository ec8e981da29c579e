import AttemptModel
import Foundation
import GRDB
import Glibc
import ResultsStore
import Testing

/// A database that is removed, moved, replaced or cut short while it is being written, and locks that are taken away.
@Suite struct DisplacedStoreTests {
  let fixture = StoreFixture()

  /// Opens a database in which one job has succeeded.
  private func opened() async throws -> (store: ResultsStore, run: Int64) {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    try await StoreFixture.succeed(0, run: run, in: store)
    return (store, run)
  }

  /// The states of attempts in a database without its log.
  private static func states(in path: String) throws -> [String] {
    try StoreFixture.queue(path).read { try String.fetchAll($0, sql: "SELECT state FROM attempt") }
  }

  /// A database of another experiment, all of it in its file.
  private static func other(in fixture: StoreFixture) throws -> String {
    let store = try fixture.open()
    _ = try StoreFixture.begin(StoreFixture.plan(experiment: "other"), in: store)
    try store.backup(to: "\(fixture.folder)/copy.sqlite")
    return "\(fixture.folder)/copy.sqlite"
  }

  private func expectDisplaced(_ change: String, _ store: ResultsStore, run: Int64) async throws {
    for _ in 0..<2 {
      let error = try #require(throws: StoreError.self) { try store.endRun(run, state: .finished) }
      #expect(error.code == .displaced)
      #expect("\(error)".hasPrefix("'\(fixture.path)' was \(change) while this program wrote to it"), "\(error)")
    }
    await #expect(throws: StoreError.self) { try await StoreFixture.succeed(1, run: run, in: store) }
    #expect(throws: StoreError.self) { try store.runs() }
    #expect(throws: StoreError.self) { try store.requireInPlace() }
  }

  @Test func `nothing is said to be stored in a database that was removed`() async throws {
    let (store, run) = try await opened()
    unlink(fixture.path)
    try await expectDisplaced("removed, moved or replaced", store, run: run)
  }

  @Test func `a folder that was removed is not made again`() async throws {
    let (store, run) = try await opened()
    try FileManager.default.removeItem(atPath: fixture.folder)
    try await expectDisplaced("removed, moved or replaced", store, run: run)
    #expect(!FileManager.default.fileExists(atPath: fixture.folder))
  }

  @Test func `a database that was moved is whole where it is`() async throws {
    let (store, run) = try await opened()
    let moved = StoreFixture()
    #expect(rename(fixture.path, moved.path) == 0)
    try await expectDisplaced("removed, moved or replaced", store, run: run)
    // Without the log, which still has the old name; of a copy, since SQLite knows the file itself in this process.
    try FileManager.default.copyItem(atPath: moved.path, toPath: "\(moved.folder)/copy.sqlite")
    #expect(try Self.states(in: "\(moved.folder)/copy.sqlite") == ["succeeded"])
  }

  @Test func `a database that took the place of another is left as it is`() async throws {
    let folder = StoreFixture()
    defer { withExtendedLifetime(folder) {} }
    let other = try Self.other(in: folder)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: other))
    do {
      let (store, run) = try await opened()
      #expect(rename(other, fixture.path) == 0)
      try await expectDisplaced("removed, moved or replaced", store, run: run)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)) == bytes)
    #expect(try fixture.open(.readOnly).runs().map(\.experiment) == ["other"])
    #expect(try fixture.open().verify().problems.isEmpty)
  }

  @Test func `a database that was cut short is noticed`() async throws {
    let (store, run) = try await opened()
    #expect(truncate(fixture.path, 0) == 0)
    try await expectDisplaced("cut short", store, run: run)
  }

  @Test func `a lock that is taken away lets nobody in`() async throws {
    let (store, run) = try await opened()
    let elsewhere = StoreFixture()
    symlink(fixture.path, elsewhere.path)
    for other in [fixture, elsewhere] {
      unlink(other.path + ".lock")
      let error = try #require(throws: StoreError.self) { try other.open() }
      #expect(error.code == .busy, "\(error)")
    }
    try await StoreFixture.succeed(1, run: run, in: store)
    try store.endRun(run, state: .finished)
  }

  @Test func `a database with other definitions does not pass for whole`() throws {
    for (change, finding) in [
      ("DROP INDEX run_by_state", "the index 'run_by_state' is missing"),
      ("ALTER TABLE event DROP COLUMN detail", "the table 'event' is not the one of schema "),
      ("ALTER TABLE run ADD COLUMN note TEXT", "the table 'run' is not the one of schema "),
      ("CREATE UNIQUE INDEX mine ON event (kind)", "the index 'mine' is not one of schema "),
      ("DROP VIEW result", "the view 'result' is missing"),
    ] {
      let fixture = StoreFixture()
      _ = try fixture.open()
      try StoreFixture.queue(fixture.path).write { try $0.execute(sql: change) }
      let problems = try fixture.open(.readOnly).verify().problems.map(\.description)
      #expect(problems.contains { $0.contains(finding) }, "\(change): \(problems)")
    }
  }
}
