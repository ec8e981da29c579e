import Foundation
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct ManifestTests {
  private static let plan = CrashPlan(jobs: 3)

  /// A results folder in which a helper died after writing the manifest of its third job, and that manifest.
  private static func crashed() throws -> (fixture: StoreFixture, manifest: URL, bytes: [UInt8]) {
    let fixture = StoreFixture()
    _ = try Helper([fixture.path, "3", "manifestWritten", "3"]).lines()
    let manifest = URL(fileURLWithPath: "\(fixture.folder)/attempts/3/manifest.json")
    return (fixture, manifest, [UInt8](try Data(contentsOf: manifest)))
  }

  @Test func `a manifest that is cut at any length or altered in any byte says nothing`() throws {
    let (_, _, bytes) = try Self.crashed()
    #expect(SealedDocument.content(of: bytes) != nil)
    for offset in bytes.indices {
      #expect(SealedDocument.content(of: Array(bytes[..<offset])) == nil, "cut at \(offset)")
      for bit in 0..<8 {
        var damaged = bytes
        damaged[offset] ^= UInt8(1) << UInt8(bit)
        #expect(SealedDocument.content(of: damaged) == nil, "byte \(offset), bit \(bit)")
      }
    }
    #expect(SealedDocument.content(of: bytes + [0x20]) == nil)
  }

  @Test func `a damaged manifest loses its own attempt only and invents nothing`() async throws {
    for round in 0..<(3 * Rounds.factor) {
      let (fixture, manifest, bytes) = try Self.crashed()
      var random = RandomBits(state: UInt64(round))
      var damaged = bytes
      if round % 2 == 0 {
        damaged[random.below(bytes.count)] ^= 0x10
      } else {
        damaged.removeLast(random.below(bytes.count) + 1)
      }
      try Data(damaged).write(to: manifest)
      let store = try fixture.open()
      #expect(store.recovery.adopted.isEmpty && store.recovery.lost == [3])
      #expect(try StoreCrashTests.succeeded(in: store, plan: Self.plan).count == 2)
      try await Self.plan.execute(in: store)
      #expect(try StoreCrashTests.succeeded(in: store, plan: Self.plan).count == 3)
      #expect(try store.verify().problems.isEmpty)
    }
  }
}
