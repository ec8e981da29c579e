import AttemptModel
import Foundation
import GRDB
import Glibc
import ResultsStore
import Testing

/// A results folder that somebody else hands over, with one run of everything, and ways to falsify it.
struct ForeignFixture {
  let source = StoreFixture()
  let target = StoreFixture()

  init() async throws {
    let store = try source.open()
    let run = try StoreFixture.begin(in: store)
    let conditions = TimingConditions(rule: .standard, waitedSeconds: 1, loadBefore: 0.25)
    var attempts: [Int64] = []
    for job in 0..<4 {
      let id = try await StoreFixture.succeed(
        job, run: run, in: store, content: "content \(job)",
        samples: [SampleResult(metric: "x", unit: "s", value: 1.5), SampleResult(metric: "y", value: .nan)],
        conditions: job > 1 ? conditions : nil
      ).id
      attempts.append(id)
    }
    try store.endRun(run, state: .finished)
    for (job, id) in attempts.enumerated() {
      try StoreFixture.write("log of \(job)\n", to: "\(source.folder)/attempts/\(id)/stdout.log")
    }
    try store.insert([
      CalibrationRecord(
        experiment: "exp1-calibration", cell: "timing:a/b", run: run, significance: 0.01, comparisons: 9,
        falseAlarms: 1,
        falseAlarmRange: 0...0.5, pairs: 20, noise: 0.01, power: 0.8, detectable: 0.02, detectableRange: 0.01...0.03,
        planted: 0.05, plantedComparisons: 9, plantedFound: 8)
    ])
    try store.accept([
      BaselineRecord(
        experiment: "exp1", cell: "timing:a", run: run, value: 2, unit: "s", nights: 3, acceptedBy: "Ada", reason: "ok")
    ])
  }

  /// Path of a stored content of the source.
  func artifact(_ job: Int) throws -> String {
    let attempt = try source.open(.readOnly).runs().first.map { try source.open(.readOnly).attempts(ofRun: $0.id)[job] }
    return try #require(attempt?.artifacts.first?.path)
  }

  /// Runs statements on a database as if its tables took anything; their definitions are the strict ones again afterwards.
  static func falsify(_ path: String, _ sql: String) throws {
    var definitions: [(name: String, sql: String)] = []
    try onDatabase(path) { database in
      for row in try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'")
      {
        let (name, text): (String, String) = (row[0], row[1])
        definitions.append((name, text))
        let loose = text.replacing(") STRICT, WITHOUT ROWID", with: ") WITHOUT ROWID").replacing(") STRICT", with: ")")
          .replacing("IS NOT NULL", with: "NOTNULL").replacing("NOT NULL", with: "")
        try database.execute(sql: "UPDATE sqlite_schema SET sql = ? WHERE name = ?", arguments: [loose, name])
      }
    }
    try onDatabase(path) { try $0.execute(sql: sql) }
    try onDatabase(path) { database in
      for definition in definitions {
        try database.execute(
          sql: "UPDATE sqlite_schema SET sql = ? WHERE name = ?", arguments: [definition.sql, definition.name])
      }
    }
  }

  /// A connection of its own, so that definitions are read anew.
  private static func onDatabase(_ path: String, _ body: (Database) throws -> Void) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase { database in
      try database.execute(
        sql: "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON")
      try body(database)
    }
    try queue.close()
  }

  /// Expects that nothing is merged, with one clear error, and that the target is what it was.
  @discardableResult
  func expectRefusal(of path: String? = nil, _ comment: Comment? = nil) throws -> StoreError? {
    let store = try target.open()
    let before = try store.runs().count
    let error = #expect(throws: StoreError.self, comment) { try store.merge(path ?? source.folder) }
    if let error {
      #expect(!error.message.contains("\n") && error.message.utf8.count < 1_000, "\(error)")
      #expect(!error.message.contains(target.folder), "\(error)")
    }
    #expect(try store.runs().count == before)
    #expect(try store.verify().problems.isEmpty)
    let left = try FileManager.default.contentsOfDirectory(atPath: target.folder).filter { $0.contains(".merge-") }
    #expect(left.isEmpty)
    return error
  }
}
