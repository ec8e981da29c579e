import AttemptModel
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
    try await expectSurvival(of: step, at: job, plan: Self.plan)
  }

  @Test(arguments: PublicationStep.allCases, [1, 4])
  func `a kill at any step of a folder's publication loses and doubles nothing`(
    step: PublicationStep, at job: Int
  ) async throws {
    try await expectSurvival(of: step, at: job, plan: CrashPlan(jobs: 6, product: .folder))
  }

  @Test(arguments: PublicationStep.allCases, [1, 3])
  func `a kill at any step of the publication of many files loses and doubles nothing`(
    step: PublicationStep, at job: Int
  ) async throws {
    try await expectSurvival(of: step, at: job, plan: CrashPlan(jobs: 4, product: .files))
  }

  @Test(arguments: PublicationStep.allCases.filter { $0 != .contentSealed }, [1, 3])
  func `a kill at any step of a publication without files loses no more than that attempt`(
    step: PublicationStep, at job: Int
  ) async throws {
    let plan = CrashPlan(jobs: 5, product: .nothing)
    let helper = try start(["5", "\(step)", "\(job)", "nothing"])
    let reported = helper.lines()
    #expect(helper.process.terminationReason == .uncaughtSignal)
    #expect(reported.count == job - 1)
    let store = try fixture.open()
    #expect(store.recovery.adopted.isEmpty && store.recovery.interruptedRuns.count == 1)
    // The begin may have been on the disk or not.
    #expect(store.recovery.lost.count <= (step == .committed ? 0 : 1))
    #expect(try Self.succeeded(in: store, plan: plan).count == (step == .committed ? job : job - 1))
    #expect(try store.verify().problems.isEmpty)
    try await expectResumable(store, reported: reported, plan: plan)
  }

  private func expectSurvival(of step: PublicationStep, at job: Int, plan: CrashPlan) async throws {
    let helper = try start(["\(plan.jobs)", "\(step)", "\(job)"] + [plan.product.rawValue])
    let reported = helper.lines()
    #expect(helper.process.terminationReason == .uncaughtSignal)
    #expect(reported.count == job - 1)
    let store = try fixture.open()
    let isComplete = step == .manifestWritten
    #expect(store.recovery.adopted.count == (isComplete ? 1 : 0))
    #expect(store.recovery.lost.count == (isComplete || step == .committed ? 0 : 1))
    #expect(store.recovery.interruptedRuns.count == 1)
    let kept = job - 1 + (isComplete || step == .committed ? 1 : 0)
    #expect(try Self.succeeded(in: store, plan: plan).count == kept)
    let verification = try store.verify()
    #expect(verification.problems.isEmpty)
    for path in verification.unreferencedFiles where !path.hasSuffix(".tmp") {
      let digest = try plan.product == .folder ? SHA256Digest(ofFolder: path) : SHA256Digest(ofFile: path)
      #expect(path.hasSuffix(String(digest.hex.dropFirst(2))), "what has a final name is whole")
    }
    try await expectResumable(store, reported: reported, plan: plan)
  }

  @Test(arguments: [1, 4, 9])
  func `a kill from outside at any time loses and doubles nothing`(count: Int) async throws {
    let helper = try start(["12"])
    var reported: [String] = []
    while reported.count < count, let line = helper.readLine() { reported.append(line) }
    kill(helper.process.processIdentifier, SIGKILL)
    reported += helper.lines()
    try await expectResumable(try fixture.open(), reported: reported, plan: Self.plan)
  }

  @Test func `a second process is refused while the first lives`() throws {
    let store = try fixture.open()
    let helper = try start(["1"])
    #expect(helper.lines().isEmpty)
    #expect(helper.process.terminationStatus != 0)
    withExtendedLifetime(store) {}
  }

  /// Everything reported is there; after a resume the store equals that of an uninterrupted run in what does not depend on time.
  private func expectResumable(_ store: ResultsStore, reported: [String], plan: CrashPlan) async throws {
    let before = try Self.succeeded(in: store, plan: plan)
    for line in reported {
      let job = try #require(Int(line))
      #expect(before[plan.fingerprint(of: job).hex] != nil, "job \(job) was reported as stored")
    }
    try await plan.execute(in: store)
    let reference = StoreFixture()
    let uninterrupted = try reference.open()
    try await plan.execute(in: uninterrupted)
    #expect(try Self.succeeded(in: store, plan: plan) == Self.succeeded(in: uninterrupted, plan: plan))
    #expect(try store.verify().problems.isEmpty)
    let ends = try store.runs().map(\.state)
    #expect(ends == [.ended(.finished), .ended(.interrupted)].suffix(ends.count))
    let states = Set(try store.experimentResults(name: "crash").jobs.map(\.state))
    #expect(states.isSubset(of: [.done, .reused]))
  }

  /// Samples and file digests of the succeeded attempts by fingerprint; fails if one has two.
  static func succeeded(in store: ResultsStore, plan: CrashPlan) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for job in 0..<plan.jobs {
      let fingerprint = plan.fingerprint(of: job)
      let attempts = try store.attempts(of: fingerprint).filter { $0.state == .ended(.succeeded) }
      #expect(attempts.count <= 1)
      guard let attempt = attempts.first else { continue }
      found[fingerprint.hex] = attempt.samples.map { "\($0)" } + attempt.artifacts.map { "\($0.name) \($0.digest)" }
    }
    return found
  }

  private func start(_ arguments: [String]) throws -> Helper { try Helper([fixture.path] + arguments) }
}
