import AttemptModel
import Digest
import Foundation
import GRDB
import Glibc
import JSON
import ResultsStore
import Testing

/// A temporary results folder and a small plan in it.
final class StoreFixture: Sendable {
  let folder: String
  var path: String { "\(folder)/results.sqlite" }

  /// Opens a database behind the store's back; waits for a store that is just being closed.
  static func queue(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  init() {
    folder = "/tmp/results-store-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    mkdir(folder, 0o755)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Takes over everything of another folder.
  convenience init(copying other: StoreFixture) throws {
    self.init()
    var failure: (any Error)?
    repeat {
      // A store that is just being closed removes its write-ahead log.
      if failure != nil { usleep(20_000) }
      try FileManager.default.removeItem(atPath: folder)
      let copying = Result { try FileManager.default.copyItem(atPath: other.folder, toPath: folder) }
      if case .failure(let error) = copying { failure = error } else { failure = nil }
    } while failure != nil
  }

  func open(_ mode: ResultsStore.Mode = .readWrite) throws -> ResultsStore {
    try ResultsStore(path: path, mode: mode)
  }

  /// Two axes, four trials; `coarse` is shared by the steps of a seed, `time` is timed and has one job a trial.
  static func plan(version: Int = 1, experiment: String = "exp1") -> PlanRecord {
    let assignments: [[(name: String, value: JSONValue)]] = [(43, 2), (43, 3), (44, 2), (44, 3)].map {
      [("steps", .integer($0.1)), ("seed", .integer($0.0))]
    }
    func job(_ stage: String, _ text: String, timed: Bool, trials: [Int]) -> JobRecord {
      JobRecord(
        stage: stage, fingerprint: fingerprint(text, version),
        parts: [("task", SHA256Digest(of: "task \(version)")), ("parameters", SHA256Digest(of: text))], isTimed: timed,
        parameters: ["text": .string(text)], trials: trials)
    }
    return PlanRecord(
      experiment: experiment,
      canonicalSpec: CanonicalJSON.text(of: ["name": .string(experiment), "version": .integer(Int64(version))]),
      hash: SHA256Digest(of: "plan \(experiment) \(version)"), canonicalPlan: #"{"plan":\#(version)}"#,
      trials: assignments.map(TrialRecord.init(assignment:)),
      jobs: [
        job("coarse", "coarse 43", timed: false, trials: [0, 1]),
        job("coarse", "coarse 44", timed: false, trials: [2, 3]),
        job("time", "time 0", timed: true, trials: [0]), job("time", "time 1", timed: true, trials: [1]),
      ])
  }

  static func fingerprint(_ text: String, _ version: Int = 1) -> SHA256Digest {
    SHA256Digest(of: "\(text) \(version)")
  }

  static func begin(_ plan: PlanRecord = plan(), in store: ResultsStore) throws -> Int64 {
    try store.beginRun(
      plan: try store.register(plan),
      code: CodeState(commit: "c0ffee", isDirty: true, differenceDigest: "d", difference: "+"),
      toolVersion: "1.0")
  }

  /// Executes one job with a file of the given content and returns its stored files.
  @discardableResult
  static func succeed(
    _ job: Int, run: Int64, in store: ResultsStore, content: String = "image", samples: [SampleResult] = [],
    conditions: TimingConditions? = nil
  ) async throws -> (id: Int64, files: [String: ArtifactResult]) {
    let lease = try await store.beginAttempt(run: run, job: job, seed: .max, toolVersion: "test 1")
    let path = try write(content, to: "\(lease.outputDirectory)/image.png")
    let file = ProducedFile(name: "image", path: path, mediaType: "image/png")
    var report = AttemptReport(exitKind: .succeeded, samples: samples, files: [file])
    report.conditions = conditions
    return (lease.id, try await store.finishAttempt(lease.id, with: report))
  }

  /// Writes a file; its folder is made if need be.
  @discardableResult
  static func write(_ content: String, to path: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    let file = try #require(fopen(path, "w"))
    fputs(content, file)
    fclose(file)
    return path
  }

  static func read(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}
