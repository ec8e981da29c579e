import Foundation
import Testing
import Torture

@Suite struct TortureTests {
  private func orchestrate() throws -> String {
    let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: test).deletingLastPathComponent().appendingPathComponent("orchestrate").path
  }

  @Test func `killed runs lose nothing, double nothing, and leave no process`() throws {
    let rounds = 6 * max(1, Int(ProcessInfo.processInfo.environment["TORTURE_ROUNDS"] ?? "") ?? 1)
    let torture = try Torture(
      orchestrate: orchestrate(), directory: NSTemporaryDirectory(), jobs: 60, rounds: rounds, seed: 7)
    let outcome = try torture.run()
    #expect(outcome.isClean, "\(outcome)")
    #expect(outcome.kills >= rounds && outcome.graphs >= 1 && outcome.jobs == 60)
  }

  @Test func `results of edited and killed runs belong to what their jobs have read`() throws {
    let edits = 30 * max(1, Int(ProcessInfo.processInfo.environment["TORTURE_ROUNDS"] ?? "") ?? 1)
    let torture = try EditTorture(orchestrate: orchestrate(), directory: NSTemporaryDirectory(), edits: edits, seed: 7)
    let outcome = try torture.run()
    #expect(outcome.isClean, "\(outcome)")
    #expect(outcome.edits >= edits && outcome.comparisons >= 1 && outcome.records > 0, "\(outcome)")
  }
}
