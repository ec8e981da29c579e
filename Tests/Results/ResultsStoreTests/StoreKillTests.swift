import Digest
import Foundation
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

/// A process that is killed just before one of its changes of a file, one after the other.
@Suite(.serialized) struct StoreKillTests {
  @Test(arguments: [CrashPlan(jobs: 2), CrashPlan(jobs: 2, product: .folder), CrashPlan(jobs: 2, product: .files)])
  func `a kill before any change of a run leaves a folder that opens and lacks nothing`(plan: CrashPlan) async throws {
    let reference = StoreFixture()
    let uninterrupted = try reference.open()
    try await plan.execute(in: uninterrupted)
    let expected = try StoreCrashTests.succeeded(in: uninterrupted, plan: plan)
    try await afterKills(of: ["\(plan.jobs)", "none", "1", plan.product.rawValue], in: StoreFixture.init) {
      fixture, reported, place in
      Self.expectReadable(fixture, place)
      let store = try fixture.open()
      let kept = try StoreCrashTests.succeeded(in: store, plan: plan)
      for job in reported.compactMap({ Int($0) }) {
        #expect(kept[plan.fingerprint(of: job).hex] != nil, "\(place): job \(job) was reported as stored")
      }
      try await plan.execute(in: store)
      #expect(try StoreCrashTests.succeeded(in: store, plan: plan) == expected, "\(place)")
      #expect(try store.verify().problems.isEmpty, "\(place)")
    }
  }

  @Test func `a kill before any change of a collection leaves every folder whole or away`() async throws {
    let plan = CrashPlan(jobs: 3, product: .folder)
    let full = StoreFixture()
    do {
      let store = try full.open()
      try await plan.execute(in: store)
      try store.invalidate(attempt: 1, reason: "wrong")
      try store.invalidate(attempt: 2, reason: "wrong")
      try StoreFixture.write("left", to: "\(full.folder)/scratch/none/a")
      try StoreFixture.write("left", to: "\(full.folder)/attempts/3/output/more/a")
    }
    try await afterKills(of: ["gc"], in: { try StoreFixture(copying: full) }) { fixture, _, place in
      Self.expectReadable(fixture, place)
      let store = try fixture.open()
      let verification = try store.verify()
      #expect(verification.problems.isEmpty, "\(place)")
      for job in 0..<3 {
        for artifact in try store.attempts(of: plan.fingerprint(of: job)).flatMap(\.artifacts) {
          let isThere = access(artifact.path, F_OK) == 0
          #expect(isThere || job < 2, "\(place)")
          if isThere { #expect(try SHA256Digest(ofFolder: artifact.path).hex == artifact.digest, "\(place)") }
        }
      }
      try store.remove(try store.garbage())
      #expect(try store.garbage().isEmpty, "\(place)")
      #expect(access("\(fixture.folder)/trash", F_OK) != 0, "\(place): nothing is left in the trash")
    }
  }

  @Test func `a kill before any change of an invalidation marks all or nothing`() async throws {
    let plan = CrashPlan(jobs: 3)
    let full = StoreFixture()
    do { try await plan.execute(in: full.open()) }
    try await afterKills(of: ["invalidate"], in: { try StoreFixture(copying: full) }) { fixture, _, place in
      Self.expectReadable(fixture, place)
      let store = try fixture.open()
      #expect([0, 3].contains(try store.attempts(ofRun: 1).count { $0.invalidReason != nil }), "\(place)")
      #expect(try store.verify().problems.isEmpty, "\(place)")
    }
  }

  /// Kills the helper before a change, for a sample of all its changes, and looks at what is left.
  private func afterKills(
    of arguments: [String], in fixture: () throws -> StoreFixture,
    _ check: (StoreFixture, _ reported: [String], _ place: Comment) async throws -> Void
  ) async throws {
    let reference = try fixture()
    let count = try Helper.changes([reference.path] + arguments, below: reference.folder, kind: "KILL")
    #expect(count > 5)
    let step = max(1, count / (12 * Rounds.factor))
    for number in stride(from: 1 + count % step, through: count, by: step) {
      let fixture = try fixture()
      let helper = try Helper(
        [fixture.path] + arguments, environment: Helper.faults(below: fixture.folder, at: number, kind: "KILL"))
      let reported = helper.lines()
      // The last ones do not always come.
      guard helper.process.terminationReason == .uncaughtSignal else { continue }
      try await check(fixture, reported, "killed before change \(number) of \(count)")
    }
  }

  /// A reader finds no database yet, or one that it can read.
  private static func expectReadable(_ fixture: StoreFixture, _ place: Comment) {
    do {
      _ = try fixture.open(.readOnly).runs()
    } catch {
      #expect((error as? StoreError)?.code == .missing, "\(place): \(error)")
    }
  }
}
