import Foundation
import Testing
import Torture

@Suite struct TortureTests {
  @Test func `killed runs lose nothing, double nothing, and leave no process`() throws {
    let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(fileURLWithPath: test).deletingLastPathComponent().appendingPathComponent("orchestrate").path
    let rounds = 6 * max(1, Int(ProcessInfo.processInfo.environment["TORTURE_ROUNDS"] ?? "") ?? 1)
    let torture = try Torture(
      orchestrate: program, directory: NSTemporaryDirectory(), jobs: 60, rounds: rounds, seed: 7)
    let outcome = try torture.run()
    #expect(outcome.isClean, "\(outcome)")
    #expect(outcome.kills >= rounds && outcome.graphs >= 1 && outcome.jobs == 60)
  }
}
