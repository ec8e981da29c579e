import AttemptModel
import Foundation
import GRDB
import Glibc
import ResultsStore
import Testing
import TestSupport

@Suite struct ForeignFuzzTests {
  @Test func `no mutation of a folder traps, and the database that it is merged into stays whole`() async throws {
    let foreign = try await ForeignFixture()
    let template = "\(foreign.source.folder)/template"
    try foreign.source.open(.readOnly).exportBundle(to: template)
    // Without its seal it is a results folder like any other.
    unlink("\(template)/bundle.json")
    let columns = try Self.columns(of: "\(template)/results.sqlite")
    var (merged, refused) = (0, 0)
    for round in 0..<(60 * Rounds.factor) {
      var random = SeededGenerator(UInt64(round) &+ 4_711)
      let mutant = StoreFixture()
      rmdir(mutant.folder)
      try FileManager.default.copyItem(atPath: template, toPath: mutant.folder)
      try Self.mutate(mutant, columns, &random)
      let target = StoreFixture()
      let store = try target.open()
      do {
        try store.merge(mutant.folder)
        merged += 1
      } catch {
        refused += 1
        #expect(!error.message.contains("\n"), "round \(round)")
        #expect(try store.runs().isEmpty, "round \(round): \(error)")
      }
      #expect(try store.verify().problems.isEmpty, "round \(round)")
      for name in try store.experimentNames() { _ = try store.experimentResults(name: name) }
      for run in try store.runs() { _ = try store.attempts(ofRun: run.id) }
      _ = try store.events()
      _ = try store.query("SELECT count(*) FROM latest_result")
      if try !store.runs().isEmpty { try store.exportSamples(ExportSelection(), as: .jsonl) { _ in } }
      let again = try StoreFixture.begin(in: store)
      try store.endRun(again, state: .failed)
    }
    // A test in which everything is refused, or nothing, would show little.
    #expect(merged > 0 && refused > 0)
  }

  private static func mutate(
    _ mutant: StoreFixture, _ columns: [(table: String, column: String)], _ random: inout SeededGenerator
  ) throws {
    switch random.below(4) {
    case 0:
      var bytes = try Data(contentsOf: URL(fileURLWithPath: mutant.path))
      for _ in 0...random.below(8) { bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8)) }
      try bytes.write(to: URL(fileURLWithPath: mutant.path))
    case 1:
      var bytes = try Data(contentsOf: URL(fileURLWithPath: mutant.path))
      let (from, to) = (random.below(bytes.count / 4096), random.below(bytes.count / 4096))
      bytes.replaceSubrange(to * 4096..<(to + 1) * 4096, with: Data(bytes[from * 4096..<(from + 1) * 4096]))
      if random.below(3) == 0 { bytes = bytes.prefix(random.below(bytes.count)) }
      try bytes.write(to: URL(fileURLWithPath: mutant.path))
    default:
      let values = [
        "NULL", "'text'", "-1", "0", "1", "9223372036854775807", "-9223372036854775808", "1.5", "9e999", "x'ff00'",
        "''",
        "char(0)", "'../../x'", "'[]'", "'{}'", "zeroblob(1000)", "hex(zeroblob(2000))", "char(10)", "'NaN'",
      ]
      for _ in 0...random.below(2) {
        let (place, value) = (columns[random.below(columns.count)], values[random.below(values.count)])
        // Changes that the file itself does not take, such as a doubled key, are no mutation.
        try? ForeignFixture.falsify(
          mutant.path, "UPDATE OR IGNORE \"\(place.table)\" SET \"\(place.column)\" = \(value)")
      }
    }
  }

  private static func columns(of path: String) throws -> [(table: String, column: String)] {
    try StoreFixture.queue(path).read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
            AND t.name NOT LIKE 'sqlite_%'
          """
      ).map { ($0[0], $0[1]) }
    }
  }
}
