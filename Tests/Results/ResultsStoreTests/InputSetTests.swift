import AttemptModel
import Digest
import InputTracing
import JSON
import ResultsStore
import Testing

/// What attempts depended on: what a worker's tasks have in common is kept once.
@Suite struct InputSetTests {
  private let fixture = StoreFixture()

  private static func file(_ name: String) -> WatchedInput { WatchedInput(.file, name, SHA256Digest(of: name)) }

  private static func finish(_ job: Int, run: Int64, in store: ResultsStore, _ trace: InputTrace) async throws {
    let lease = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "test")
    var report = AttemptReport(exitKind: .succeeded)
    report.trace = trace
    _ = try await store.finishAttempt(lease.id, with: report)
  }

  private static func names(in store: ResultsStore) throws -> [[QueryResult.Value]] {
    try store.query("SELECT attempt, name FROM attempt_input ORDER BY attempt, name").rows
  }

  @Test func `a base is stored once, read back with what came to it, and merged`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let first = InputBase([Self.file("a"), Self.file("b")])
    let second = InputBase([Self.file("c")], previous: first)
    // The first base alone was never part of an attempt that was stored.
    try await Self.finish(0, run: run, in: store, InputTrace(inputs: [Self.file("own")], base: second))
    #expect(second.unsettledSteps.isEmpty)
    let third = InputBase([Self.file("d")], previous: second)
    try await Self.finish(1, run: run, in: store, InputTrace(inputs: [], base: third))
    let expected: [[QueryResult.Value]] =
      ["a", "b", "c", "own"].map { [.integer(1), .text($0)] } + ["a", "b", "c", "d"].map { [.integer(2), .text($0)] }
    #expect(try Self.names(in: store) == expected)
    #expect(try store.query("SELECT sum(json_array_length(entries)) FROM input_set").rows == [[.integer(5)]])

    let last = try #require(try store.query("SELECT max(input_set_id) FROM attempt").rows.first?.first)
    guard case .integer(let id) = last else { return }
    let sets = try store.inputSets([id])
    #expect(sets.count == 3 && sets[id]?.entries == [Self.file("d")])
    #expect(sets[id]?.base.flatMap { sets[$0] }?.entries == [Self.file("c")])

    try store.endRun(run, state: .finished)
    let other = StoreFixture()
    let target = try other.open()
    try target.merge(fixture.folder)
    #expect(try Self.names(in: target) == expected)
    #expect(try target.merge(fixture.folder).addedAttempts == 0)
  }

  @Test func `a base that the database does not hold is refused`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lost = InputBase([Self.file("b")], previousDigest: SHA256Digest(of: "never stored"))
    await #expect(throws: StoreError.self) {
      try await Self.finish(0, run: run, in: store, InputTrace(inputs: [Self.file("own")], base: lost))
    }
  }

  @Test func `a manifest has those steps of a base that may not be in the database yet`() throws {
    let first = InputBase([Self.file("a")])
    let second = InputBase([Self.file("b")], previous: first)
    let trace = InputTrace(inputs: [Self.file("own")], base: second, gap: "gap")
    for steps in [2, 1, 0] {
      if steps == 1 { first.settle() }
      if steps == 0 { second.settle() }
      let read = try #require(InputTrace(json: trace.json))
      #expect(read == trace && read.base?.unsettledSteps.count == steps)
    }
  }
}
