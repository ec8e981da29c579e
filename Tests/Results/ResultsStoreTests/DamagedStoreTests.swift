import AttemptModel
import Foundation
import GRDB
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing
import TestSupport

/// Databases with flipped bits, cut files and unfinished transactions: an error or an answer, and never an end of the program.
@Suite struct DamagedStoreTests {
  private static let plan = CrashPlan(jobs: 4)

  private static func finished() async throws -> StoreFixture {
    let fixture = StoreFixture()
    try await plan.execute(in: fixture.open())
    return fixture
  }

  /// Everything that the commands do with a store.
  private static func use(_ fixture: StoreFixture) async {
    do {
      let reader = try fixture.open(.readOnly)
      _ = try? reader.runs()
      _ = try? reader.attempts(ofRun: 1)
      _ = try? reader.events()
      _ = try? reader.experimentResults(name: "crash")
      _ = try? reader.series(of: "crash") { $0.count }
      _ = try? reader.calibrations()
      _ = try? reader.baselines()
      _ = try? reader.garbage(keepingRuns: 1)
      _ = try? reader.verify()
      _ = try? reader.query("SELECT * FROM latest_result", timeLimit: 5)
      _ = try? reader.reusableAttempts(for: [(plan.fingerprint(of: 0), true)])
      _ = try? reader.estimatedDurations(experiment: "crash")
    } catch {
      #expect(error is StoreError, "\(error)")
    }
    do {
      let store = try fixture.open()
      _ = try? store.invalidate(attempt: 1, reason: "x")
      try? await plan.execute(in: store)
    } catch {
      #expect(error is StoreError, "\(error)")
    }
  }

  @Test func `flipped bits, cut files and exchanged pages are errors`() async throws {
    let whole = try await Self.finished()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: whole.path)))
    for round in 0..<(24 * Rounds.factor) {
      var random = SeededGenerator(UInt64(round))
      let fixture = try StoreFixture(copying: whole)
      try Data(Self.damaged(bytes, manner: round, &random)).write(to: URL(fileURLWithPath: fixture.path))
      await Self.use(fixture)
    }
    // Nothing of a damaged one has come over to another.
    try await Self.plan.execute(in: whole.open())
    #expect(try whole.open(.readOnly).verify().problems.isEmpty)
  }

  @Test func `a damaged log is an error or the state before it`() async throws {
    let logged = try Self.logged(try await Self.finished())
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: logged.path + "-wal")))
    #expect(bytes.count > 4096)
    for round in 0..<(12 * Rounds.factor) {
      var random = SeededGenerator(UInt64(round) &+ 77)
      let fixture = try StoreFixture(copying: logged)
      try Data(Self.damaged(bytes, manner: round, &random)).write(to: URL(fileURLWithPath: fixture.path + "-wal"))
      await Self.use(fixture)
    }
  }

  /// A database and its log as a killed process leaves them.
  private static func logged(_ whole: StoreFixture) throws -> StoreFixture {
    let left = StoreFixture()
    let queue = try StoreFixture.queue(whole.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.write { try $0.execute(sql: "UPDATE attempt SET message = hex(zeroblob(5000))") }
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: whole.path + suffix, toPath: left.path + suffix)
    }
    return left
  }

  /// Cuts bytes, flips bits, writes noise over a page or scattered bytes, or exchanges two pages.
  private static func damaged(_ bytes: [UInt8], manner: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var damaged = bytes
    let pages = max(bytes.count / 4096, 1)
    switch manner % 5 {
    case 0: damaged.removeLast(random.below(bytes.count))
    case 1: for _ in 0..<64 { damaged[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
    case 2:
      let page = random.below(pages) * 4096
      for offset in page..<min(page + 4096, bytes.count) { damaged[offset] = UInt8(random.below(256)) }
    case 3: for _ in 0..<200 { damaged[random.below(bytes.count)] = UInt8(random.below(256)) }
    default:
      let (one, other) = (random.below(pages) * 4096, random.below(pages) * 4096)
      for offset in 0..<4096 where max(one, other) + offset < bytes.count {
        damaged.swapAt(one + offset, other + offset)
      }
    }
    return damaged
  }

  /// A folder as a process leaves it that is killed within a transaction without a write-ahead log.
  private static func unfinished(_ whole: StoreFixture) throws -> StoreFixture {
    let fixture = try StoreFixture(copying: whole)
    let left = StoreFixture()
    try StoreFixture.queue(fixture.path).writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE")
      try database.execute(sql: "UPDATE attempt SET stage = 'half'; UPDATE sample SET value = -1")
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: left.path + suffix)
      }
      try database.execute(sql: "ROLLBACK")
    }
    for name in ["artifacts", "attempts"] {
      try FileManager.default.copyItem(atPath: "\(fixture.folder)/\(name)", toPath: "\(left.folder)/\(name)")
    }
    return left
  }

  @Test(arguments: [ResultsStore.Mode.readOnly, .readWrite])
  func `an unfinished transaction is rolled back by whoever comes first`(mode: ResultsStore.Mode) async throws {
    let fixture = try Self.unfinished(try await Self.finished())
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path + "-journal")).count > 0)
    let store = try fixture.open(mode)
    #expect(try store.attempts(ofRun: 1).map(\.stage) == Array(repeating: "make", count: 4))
    #expect(try store.verify().problems.isEmpty)
    #expect(access(fixture.path + "-journal", F_OK) != 0)
  }

  @Test(arguments: [
    ("DROP VIEW result", "VIEW result", "view"), ("DROP VIEW latest_calibration", "VIEW latest_calibration", "view"),
    ("DROP TABLE metric", "VIEW metric", "view"),
  ]) func `a view in the place of another or of a table is noticed before it is used`(
    removal: String, object: String, type: String
  ) throws {
    let fixture = StoreFixture()
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).write { database in
      try database.execute(sql: "PRAGMA defer_foreign_keys = ON; \(removal)")
      try database.execute(
        sql: "CREATE \(object) AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS id FROM c"
      )
    }
    for mode in [ResultsStore.Mode.readOnly, .readWrite] {
      let error = try #require(throws: StoreError.self) { try fixture.open(mode) }
      #expect(error.code == .corrupt)
      #expect("\(error)".contains("(the \(type) '\(object.split(separator: " ")[1])' is not the one of schema "))
    }
  }

  @Test(arguments: [
    "AFTER INSERT ON event BEGIN DELETE FROM sample; END",
    "BEFORE INSERT ON sample BEGIN SELECT RAISE(IGNORE); END",
  ]) func `a trigger of someone else changes nothing that is written`(body: String) throws {
    let fixture = StoreFixture()
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).write { try $0.execute(sql: "CREATE TRIGGER evil \(body)") }
    for mode in [ResultsStore.Mode.readOnly, .readWrite] {
      let error = try #require(throws: StoreError.self) { try fixture.open(mode) }
      #expect(error.code == .corrupt && "\(error)".contains("(the trigger 'evil' is not the one of schema "))
    }
  }

  @Test func `a damaged definition is an error on one line`() throws {
    let fixture = StoreFixture()
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA writable_schema = ON")
      try database.execute(
        sql: "UPDATE sqlite_schema SET sql = replace(sql, 'GROUP BY', '`ROUP BY') WHERE name = 'summary'")
    }
    for mode in [ResultsStore.Mode.readOnly, .readWrite] {
      let error = try #require(throws: StoreError.self) { try fixture.open(mode) }
      #expect(error.code == .corrupt)
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func `views of one's own are nobody's business`() throws {
    let fixture = StoreFixture()
    _ = try fixture.open()
    try StoreFixture.queue(fixture.path).write { try $0.execute(sql: "CREATE VIEW mine AS SELECT * FROM result") }
    #expect(try fixture.open(.readOnly).query("SELECT count(*) FROM mine").rows == [[.integer(0)]])
  }

  @Test func `what an earlier version left of a database that it was making is replaced`() throws {
    let fixture = StoreFixture()
    try StoreFixture.write("", to: fixture.path)
    try StoreFixture.write("of something else", to: fixture.path + "-journal")
    try StoreFixture.write("of something else", to: fixture.path + "-wal")
    try StoreFixture.write("half", to: fixture.path + ".new-1-2.tmp")
    #expect(throws: StoreError.self) { try fixture.open(.readOnly) }
    #expect(try fixture.open().verify().problems.isEmpty)
    #expect(access(fixture.path + ".new-1-2.tmp", F_OK) != 0)
  }

  @Test func `a lock that is a link or another file is refused and left as it is`() throws {
    for makeLink in [symlink, link] as [(UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32] {
      let fixture = StoreFixture()
      let target = try StoreFixture.write("precious\n", to: "\(fixture.folder)/notes.txt")
      #expect(makeLink(target, fixture.path + ".lock") == 0)
      let error = try #require(throws: StoreError.self) { try fixture.open() }
      #expect("\(error)" == "'\(fixture.path).lock' is a link, or was not made by this program; move it away")
      #expect(try StoreFixture.read(target) == "precious\n")
    }
    let fixture = StoreFixture()
    try StoreFixture.write("mine\n", to: fixture.path + ".lock")
    #expect(throws: StoreError.self) { try fixture.open() }
    #expect(try StoreFixture.read(fixture.path + ".lock") == "mine\n")
    try StoreFixture.write("4711\n", to: fixture.path + ".lock")
    _ = try fixture.open()
    #expect(try StoreFixture.read(fixture.path + ".lock") == "\(getpid())\n")
  }

  @Test func `links in the way of files that are made lead nowhere`() async throws {
    let fixture = StoreFixture()
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let target = try StoreFixture.write("precious\n", to: "\(fixture.folder)/notes.txt")
    let lease = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    symlink(target, "\(lease.folder)/manifest.json.\(getpid()).tmp")
    let path = try StoreFixture.write("x", to: "\(lease.outputDirectory)/x")
    let file = ProducedFile(name: "x", path: path, mediaType: "text/plain")
    _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, files: [file]))
    #expect(try StoreFixture.read(target) == "precious\n")
  }
}
