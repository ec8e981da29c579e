import AttemptModel
import Foundation
import Glibc
import JSON
import ResultsStore
import StoreCrashPlan
import Testing
import TestSupport

@Suite struct ManifestTests {
  private static let plan = CrashPlan(jobs: 3)

  /// A results folder in which a helper died after writing the manifest of its third job.
  private static func crashed() throws -> StoreFixture {
    let fixture = StoreFixture()
    _ = try Helper([fixture.path, "3", "manifestWritten", "3"]).lines()
    return fixture
  }

  private static func manifest(_ fixture: StoreFixture) -> URL {
    URL(fileURLWithPath: "\(fixture.folder)/attempts/3/manifest.json")
  }

  @Test func `a manifest that is cut at any length or altered in any byte says nothing`() throws {
    let crashed = try Self.crashed()
    let bytes = [UInt8](try Data(contentsOf: Self.manifest(crashed)))
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
    let crashed = try Self.crashed()
    let bytes = [UInt8](try Data(contentsOf: Self.manifest(crashed)))
    for round in 0..<(3 * Rounds.factor) {
      var random = SeededGenerator(UInt64(round))
      var damaged = bytes
      if round % 2 == 0 {
        damaged[random.below(bytes.count)] ^= 0x10
      } else {
        damaged.removeLast(random.below(bytes.count) + 1)
      }
      let fixture = try StoreFixture(copying: crashed)
      try Data(damaged).write(to: Self.manifest(fixture))
      try await Self.expectSetAside(fixture, "it is not as it was written", "round \(round)")
    }
  }

  @Test func `what the database refuses is set aside with one line, and everything goes on`() async throws {
    let crashed = try Self.crashed()
    let content = try #require(SealedDocument.content(of: [UInt8](try Data(contentsOf: Self.manifest(crashed)))))
    let cases: [(path: [String], value: JSONValue?, reason: String)] = [
      (["finished", "samples", "0", "2"], -1, "CHECK constraint failed: repetition >= 0"),
      (["finished", "end", "1"], -1, "CHECK constraint failed: state IN ('leased', 'running', 'lost')"),
      (["finished", "artifacts", "0", "byteCount"], -1, "the stored content of artifact 'data' is missing or altered"),
      (["finished", "load"], [], "a member is missing, or not of its kind"),
      (["finished"], nil, "a member is missing, or not of its kind"),
      (["format"], 3, "it is of another version"),
      (["attempt"], 2, "it belongs to another attempt"),
    ]
    for (path, value, reason) in cases {
      let fixture = try StoreFixture(copying: crashed)
      let changed = try #require(content.replacing(path[...], with: value))
      try Data(SealedDocument.bytes(of: changed)).write(to: Self.manifest(fixture))
      try await Self.expectSetAside(fixture, reason, "\(path)")
    }
    let doubled = try StoreFixture(copying: crashed)
    let artifacts = try #require(content["finished"]?["artifacts"]?.arrayValue)
    let twice = try #require(content.replacing(["finished", "artifacts"], with: .array(artifacts + artifacts)))
    try Data(SealedDocument.bytes(of: twice)).write(to: Self.manifest(doubled))
    try await Self.expectSetAside(doubled, "UNIQUE constraint failed: artifact.attempt_id, artifact.name", "doubled")
  }

  @Test func `something else in the place of a manifest loses its attempt only`() async throws {
    let crashed = try Self.crashed()
    for kind in ["pipe", "folder", "link", "huge"] {
      let fixture = try StoreFixture(copying: crashed)
      let path = Self.manifest(fixture).path
      unlink(path)
      switch kind {
      case "pipe": mkfifo(path, 0o644)
      case "folder": mkdir(path, 0o755)
      case "link": symlink("/dev/zero", path)
      default:
        close(open(path, O_WRONLY | O_CREAT, 0o644))
        truncate(path, 1 << 40)
      }
      let store = try fixture.open()
      #expect(store.recovery.refused.map(\.attempt) == [3], "\(kind)")
      try await Self.plan.execute(in: store)
      #expect(try store.verify().problems.isEmpty, "\(kind)")
    }
  }

  /// Every member of a manifest replaced by values of every kind: the result is taken over or set aside, and nothing else happens.
  @Test func `any content of a manifest leaves a folder that opens`() async throws {
    let crashed = try Self.crashed()
    let content = try #require(SealedDocument.content(of: [UInt8](try Data(contentsOf: Self.manifest(crashed)))))
    let values: [JSONValue?] = [
      nil, .null, true, -1, 0, .integer(.max), .integer(.min), .real(1e300), .real(.nan), "", "a\u{0}b", "Infinity", [],
      [[]],
      .object([]), .string(String(repeating: "x", count: 100_000)),
    ]
    let paths = content.paths
    var random = SeededGenerator(12)
    for round in 0..<(40 * Rounds.factor) {
      var changed = content
      for _ in 0...random.below(2) {
        let path = paths[random.below(paths.count)]
        changed = changed.replacing(path[...], with: values[random.below(values.count)]) ?? changed
      }
      let fixture = try StoreFixture(copying: crashed)
      try Data(SealedDocument.bytes(of: changed)).write(to: Self.manifest(fixture))
      do {
        let recovery = try fixture.open().recovery
        #expect(recovery.adopted + recovery.lost == [3], "round \(round)")
        #expect(recovery.lost == recovery.refused.map(\.attempt), "round \(round)")
      }
      let store = try fixture.open()
      try await Self.plan.execute(in: store)
      #expect(try StoreCrashTests.succeeded(in: store, plan: Self.plan).count == 3, "round \(round)")
      #expect(try store.verify().problems.isEmpty, "round \(round)")
    }
  }

  @Test func `a result that breaks a rule is refused at once and does not come back`() async throws {
    let fixture = StoreFixture()
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      let lease = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
      let path = try StoreFixture.write("x", to: "\(lease.outputDirectory)/x")
      let report = AttemptReport(
        exitKind: .succeeded, samples: [SampleResult(metric: "x", repetition: -1, value: 1)],
        files: [ProducedFile(name: "x", path: path, mediaType: "text/plain")])
      let error = await #expect(throws: StoreError.self) { try await store.finishAttempt(lease.id, with: report) }
      #expect(error?.code == .inconsistent)
      _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed, message: "refused"))
      #expect(try store.verify().refusedResults.isEmpty, "it was refused before it was written")
    }
    let recovery = try fixture.open().recovery
    #expect(recovery.lost.isEmpty && recovery.adopted.isEmpty && recovery.interruptedRuns == [1])
  }

  private static func expectSetAside(_ fixture: StoreFixture, _ reason: String, _ place: Comment) async throws {
    let kept = "\(fixture.folder)/refused/attempt-3.json"
    do {
      let store = try fixture.open()
      #expect(store.recovery.adopted.isEmpty && store.recovery.lost == [3], "\(place)")
      let lines = store.recovery.refused.map(\.description)
      #expect(
        lines.count == 1 && lines.allSatisfy { !$0.contains("\n") && $0.contains(reason) && $0.contains(kept) },
        "\(place): \(lines)")
      let attempt = try #require(try store.attempts(of: plan.fingerprint(of: 2)).first)
      #expect(attempt.state == .ended(.lost) && attempt.message == lines.first, "\(place)")
      #expect(try StoreCrashTests.succeeded(in: store, plan: plan).count == 2, "\(place)")
    }
    let store = try fixture.open()
    #expect(store.recovery == RecoverySummary(), "\(place)")
    try await plan.execute(in: store)
    #expect(try StoreCrashTests.succeeded(in: store, plan: plan).count == 3, "\(place)")
    let verification = try store.verify()
    #expect(verification.problems.isEmpty && verification.refusedResults == [kept], "\(place)")
  }
}

extension JSONValue {
  /// Paths of all members and elements, at most three of an array.
  fileprivate var paths: [[String]] {
    let parts: [(String, JSONValue)] =
      objectValue?.map { ($0.key, $0.value) } ?? arrayValue?.prefix(3).enumerated().map { ("\($0)", $1) } ?? []
    return parts.flatMap { key, value in [[key]] + value.paths.map { [key] + $0 } }
  }

  /// The value with one part replaced, or without it; nil if there is no such part.
  fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue?) -> JSONValue? {
    guard let key = path.first else { return value }
    if let members = objectValue {
      return .object(
        members.compactMap { member in
          guard member.key == key else { return member }
          let next: JSONValue? = path.count == 1 ? value : member.value.replacing(path.dropFirst(), with: value)
          guard let next else { return nil as (key: String, value: JSONValue)? }
          return (key: key, value: next)
        })
    }
    guard var elements = arrayValue, let index = Int(key), elements.indices.contains(index) else {
      return Optional.none
    }
    let next: JSONValue? = path.count == 1 ? value : elements[index].replacing(path.dropFirst(), with: value)
    guard let next else {
      elements.remove(at: index)
      return .array(elements)
    }
    elements[index] = next
    return .array(elements)
  }
}
