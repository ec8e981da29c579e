import AttemptModel
import Foundation
import GRDB
import Glibc
import Reporting
import ResultsStore

/// A database or bundle of somebody else: read, reported on, opened as one's own, and merged into a database that must be whole after.
///
/// An input is a whole database file, or changes to the sample: groups of six bytes that overwrite a value or a byte of the file. Behind a
/// zero byte in a text that begins with `{` stands a bundle's list of files.
final class DatabaseEntrance: Entrance {
  private let work: String
  private let sample: String
  private let empty: String
  private let database: [UInt8]
  private let columns: [(table: String, column: String)]

  private static let values = [
    "NULL", "'text'", "-1", "0", "1", "9223372036854775807", "-9223372036854775808", "1.5", "9e999", "-9e999",
    "x'ff00'",
    "''", "char(0)", "'../../x'", "'[]'", "'{}'", "'[[1]]'", "zeroblob(1000)", "hex(zeroblob(2000))", "char(10)",
    "'NaN'",
    "1 << 40", "'index'", "'{\"name\":1,\"report\":{\"tables\":[{}]}}'", "char(27) || '[2J'", "'succeeded'", "'lost'",
  ]

  init() throws {
    work = NSTemporaryDirectory() + "fuzz-\(getpid())"
    sample = "\(work)/sample"
    mkdir(work, 0o755)
    empty = "\(work)/empty"
    if access(sample, F_OK) != 0 {
      try SampleResults.write(to: sample)
      mkdir(empty, 0o755)
      _ = try ResultsStore(path: "\(empty)/results.sqlite", mode: .readWrite)
    }
    database = Array(try Data(contentsOf: URL(fileURLWithPath: "\(sample)/results.sqlite")))
    columns = try Self.columns(of: "\(sample).bundle/results.sqlite")
  }

  static var seeds: [[UInt8]] {
    get throws {
      let entrance = try DatabaseEntrance()
      let bundle = "\(entrance.sample).bundle"
      let list = Array(try Data(contentsOf: URL(fileURLWithPath: "\(bundle)/bundle.json")))
      let changes: [[UInt8]] = (0..<16).map { [0, UInt8($0), $0 * 7, $0 &* 31, 0, $0] }
      return [
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(bundle)/results.sqlite"))), list, changes[3],
        changes[5] + changes[9],
      ] + changes
    }
  }

  func take(_ bytes: [UInt8]) throws {
    let folder = "\(work)/foreign"
    try? FileManager.default.removeItem(atPath: folder)
    let isList = bytes.first == UInt8(ascii: "{")
    try FileManager.default.copyItem(atPath: isList ? "\(sample).bundle" : sample, toPath: folder)
    let path = "\(folder)/results.sqlite"
    if isList {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/bundle.json"))
    } else if bytes.starts(with: Array("SQLite format 3".utf8)) {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } else {
      try falsify(path, bytes)
    }
    // One after the other would take three times as long; the same input always goes the same way.
    switch bytes.reduce(0, { ($0 &* 31 &+ Int($1)) & 0xFFFF }) % 3 {
    case 0: try read(path)
    case 1: try merge(folder)
    default: try open(path)
    }
  }

  /// Reads as the commands do, which may refuse anything.
  private func read(_ path: String) throws {
    guard let store = try? ResultsStore(path: path, mode: .readOnly) else { return }
    _ = try? store.verify()
    var results: [ExperimentResults] = []
    for name in (try? store.experimentNames()) ?? [] {
      if let found = try? store.experimentResults(name: name) { results.append(found) }
    }
    let runs = (try? store.runs()) ?? []
    for run in runs { _ = (try? store.attempts(ofRun: run.id), try? store.canonicalPlan(ofRun: run.id)) }
    _ = try? store.events()
    _ = try? store.query("SELECT * FROM latest_result", timeLimit: 5)
    _ = try? store.exportSamples(ExportSelection(), as: .csv) { _ in }
    for result in results {
      guard let page = try? ReportPage(result, runs: runs) else { continue }
      _ = (page.markdown, page.html, page.latex, page.csv)
    }
  }

  /// Merges, which takes everything or nothing.
  private func merge(_ folder: String) throws {
    let target = "\(work)/target"
    try? FileManager.default.removeItem(atPath: target)
    try FileManager.default.copyItem(atPath: empty, toPath: target)
    let store = try ResultsStore(path: "\(target)/results.sqlite", mode: .readWrite)
    do {
      try store.merge(folder)
    } catch {
      require(try store.runs().isEmpty, "what is refused leaves nothing behind")
    }
    try store.readEverything()
    let run = try store.beginRun(
      plan: try store.plan(hash: SampleResults.plan.hash) ?? store.register(SampleResults.plan), code: .unknown,
      toolVersion: "fuzz")
    try store.endRun(run, state: .failed)
  }

  /// Opens for writing, which may be refused, and looks through what recovery made of it.
  private func open(_ path: String) throws {
    guard let store = try? ResultsStore(path: path, mode: .readWrite) else { return }
    _ = try? store.verify()
    _ = try? store.garbage()
    if let plan = try? store.register(SampleResults.plan) {
      _ = try? store.beginRun(plan: plan, code: .unknown, toolVersion: "fuzz")
    }
  }

  private func falsify(_ path: String, _ bytes: [UInt8]) throws {
    var file = database
    var statements: [String] = []
    for start in stride(from: 0, to: min(bytes.count, 96) - 5, by: 6) {
      let place = Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      let value = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
      if bytes[start] % 4 == 0 {
        file[(Int(bytes[start + 3]) << 16 | place) % file.count] = bytes[start + 5]
      } else {
        let (table, column) = columns[place % columns.count]
        let rows = bytes[start + 3] % 3 == 0 ? "" : " WHERE rowid = \(bytes[start + 3] % 5)"
        statements.append(
          "UPDATE OR IGNORE \"\(table)\" SET \"\(column)\" = \(Self.values[value % Self.values.count])\(rows)")
      }
    }
    try Data(file).write(to: URL(fileURLWithPath: path))
    // A file that is damaged beyond that takes no statements, which is an input all the same.
    try? LooseDatabase.run(statements, on: path)
  }

  private static func columns(of path: String) throws -> [(table: String, column: String)] {
    try DatabaseQueue(path: path).read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
            AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid
          """
      ).map { ($0[0], $0[1]) }
    }
  }
}
