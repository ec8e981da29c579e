import Digest
import Foundation
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct StoreCrashTests {
  private static let plan = CrashPlan(jobs: 12)

  let fixture = StoreFixture()

  @Test(arguments: PublicationStep.allCases, [1, 5])
  func `a kill at any step of a publication loses and doubles nothing`(step: PublicationStep, at job: Int) async throws
  {
    let helper = try start(["12", "\(step)", "\(job)"])
    let reported = try lines(of: helper)
    #expect(helper.process.terminationReason == .uncaughtSignal)
    #expect(reported.count == job - 1)
    let store = try fixture.open()
    let isComplete = step == .manifestWritten
    #expect(store.recovery.adopted.count == (isComplete ? 1 : 0))
    #expect(store.recovery.lost.count == (isComplete || step == .committed ? 0 : 1))
    #expect(store.recovery.interruptedRuns.count == 1)
    let kept = job - 1 + (isComplete || step == .committed ? 1 : 0)
    #expect(try Self.succeeded(in: store).count == kept)
    try await expectResumable(store, reported: reported)
  }

  @Test(arguments: [1, 4, 9])
  func `a kill from outside at any time loses and doubles nothing`(count: Int) async throws {
    let helper = try start(["12"])
    var reported: [String] = []
    while reported.count < count, let line = helper.readLine() { reported.append(line) }
    kill(helper.process.processIdentifier, SIGKILL)
    reported += try lines(of: helper)
    try await expectResumable(try fixture.open(), reported: reported)
  }

  @Test func `a second process is refused while the first lives`() throws {
    let store = try fixture.open()
    let helper = try start(["1"])
    #expect(try lines(of: helper).isEmpty)
    #expect(helper.process.terminationStatus != 0)
    withExtendedLifetime(store) {}
  }

  /// Everything reported is there; after a resume the store equals that of an uninterrupted run in what does not depend on time.
  private func expectResumable(_ store: ResultsStore, reported: [String]) async throws {
    let before = try Self.succeeded(in: store)
    for line in reported {
      let job = try #require(Int(line))
      #expect(before[Self.plan.fingerprint(of: job).hex] != nil, "job \(job) was reported as stored")
    }
    try await Self.plan.execute(in: store)
    let reference = StoreFixture()
    let uninterrupted = try reference.open()
    try await Self.plan.execute(in: uninterrupted)
    #expect(try Self.succeeded(in: store) == Self.succeeded(in: uninterrupted))
    #expect(try store.verify().problems.isEmpty)
    #expect(try store.runs().map(\.state) == ["finished", "interrupted"].suffix(try store.runs().count))
    let states = Set(try store.experimentResults(name: "crash").jobs.map(\.state))
    #expect(states.isSubset(of: ["done", "reused"]))
  }

  /// Samples and file digests of the succeeded attempts by fingerprint; fails if one has two.
  private static func succeeded(in store: ResultsStore) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for job in 0..<plan.jobs {
      let fingerprint = plan.fingerprint(of: job)
      let attempts = try store.attempts(of: fingerprint).filter { $0.exitKind == "succeeded" }
      #expect(attempts.count <= 1)
      guard let attempt = attempts.first else { continue }
      found[fingerprint.hex] = attempt.samples.map { "\($0)" } + attempt.artifacts.map { "\($0.name) \($0.digest)" }
    }
    return found
  }

  private func start(_ arguments: [String]) throws -> Helper {
    let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(fileURLWithPath: test).deletingLastPathComponent()
    return try Helper(program: folder.appendingPathComponent("StoreCrashHelper"), arguments: [fixture.path] + arguments)
  }

  private func lines(of helper: Helper) throws -> [String] {
    var lines: [String] = []
    while let line = helper.readLine() { lines.append(line) }
    helper.process.waitUntilExit()
    return lines
  }
}

/// The running helper program.
private final class Helper {
  let process = Process()
  private let output = Pipe()

  init(program: URL, arguments: [String]) throws {
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// The next whole line; nil at the end.
  func readLine() -> String? {
    var bytes: [UInt8] = []
    while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
