import Digest
import Foundation
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

/// File operations that fail, one after the other: no space, an input or output error, a write that takes only half of the bytes.
@Suite(.serialized) struct StoreFaultTests {
  private static let plan = CrashPlan(jobs: 2)

  struct Fault: CustomTestStringConvertible, Sendable {
    var kind: String
    var isSticky: Bool
    var testDescription: String { kind + (isSticky ? " from then on" : "") }
  }

  @Test(arguments: [
    Fault(kind: "ENOSPC", isSticky: true), Fault(kind: "EIO", isSticky: false), Fault(kind: "SHORT", isSticky: false),
  ])
  func `a failing file operation is a clean error, and the next run completes the work`(fault: Fault) async throws {
    let count = try Self.changesOfReferenceRun()
    #expect(count > 40)
    let reference = StoreFixture()
    let uninterrupted = try reference.open()
    try await Self.plan.execute(in: uninterrupted)
    let expected = try StoreCrashTests.succeeded(in: uninterrupted, plan: Self.plan)
    let step = max(1, count / (9 * Rounds.factor))
    for number in stride(from: 1 + count % step, through: count, by: step) {
      let fixture = StoreFixture()
      let helper = try Helper([fixture.path, "2"], environment: Self.environment(fixture, at: number, fault))
      let reported = helper.lines()
      let place = "\(fault.testDescription), change \(number) of \(count): \(helper.errors)"
      #expect(helper.process.terminationReason == .exit, "\(place)")
      #expect([0, 1].contains(helper.process.terminationStatus), "\(place)")
      if fault.kind == "SHORT" { #expect(helper.process.terminationStatus == 0, "\(place)") }
      if helper.process.terminationStatus == 1 { #expect(helper.errors.contains("; "), "\(place)") }
      let store = try fixture.open()
      let kept = try StoreCrashTests.succeeded(in: store, plan: Self.plan)
      for job in reported.compactMap({ Int($0) }) {
        #expect(kept[Self.plan.fingerprint(of: job).hex] != nil, "\(place): job \(job) was reported as stored")
      }
      try await Self.plan.execute(in: store)
      #expect(try StoreCrashTests.succeeded(in: store, plan: Self.plan) == expected, "\(place)")
      #expect(try store.verify().problems.isEmpty, "\(place)")
    }
  }

  private static func changesOfReferenceRun() throws -> Int {
    let fixture = StoreFixture()
    return try Helper.changes([fixture.path, "2"], below: fixture.folder, kind: "EIO")
  }

  private static func environment(_ fixture: StoreFixture, at number: Int, _ fault: Fault) -> [String: String] {
    var environment = Helper.faults(below: fixture.folder, at: number, kind: fault.kind)
    if fault.isSticky { environment["STORE_FAULT_STICKY"] = "1" }
    return environment
  }
}
