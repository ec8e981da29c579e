import AttemptModel
import Digest
import Foundation
import JSON
import SeriesReview
import ResultsStore
import Statistics

/// Normal noise that is the same in every test run.
struct Noise {
  private var generator: ResamplingGenerator

  init(seed: UInt64) { generator = ResamplingGenerator(seed: seed) }

  mutating func normal(_ deviation: Double) -> Double {
    let first = Double(generator.next() >> 11) * 0x1p-53
    let second = Double(generator.next() >> 11) * 0x1p-53
    return deviation * (-2 * log(1 - first)).squareRoot() * cos(2 * .pi * second)
  }
}

/// What happens in one night of a planted history.
struct PlantedNight {
  /// The true time of the shipped pipeline, seconds.
  var time = 0.01
  /// The distance that the evaluation finds; it does not vary by itself.
  var distance = 0.02
  /// What the pair of identical things differs by, a share.
  var identity = 0.0
  /// What the canary is slower by, a share.
  var canary = 0.05
  var isQuiet: Bool? = true
  /// Name of the machine's processor.
  var machine = "planted"
}

/// A results folder with planted nights.
final class NightFixture {
  let folder: String
  let store: ResultsStore
  private var noise: Noise
  static let experiment = "nightly"

  /// What the spec says is better of the distance, if anything.
  private let better: String?

  init(seed: UInt64 = 1, better: String? = nil) throws {
    self.better = better
    folder = NSTemporaryDirectory() + "nightly-\(UUID().uuidString)"
    store = try ResultsStore(path: folder + "/results.sqlite", mode: .readWrite)
    noise = Noise(seed: seed)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let spec: JSONValue = [
    "name": .string(experiment),
    "stages": [
      "timing": ["lane": "timed"], "quality": ["lane": "timed"],
      "identity": ["lane": "timed", "measurement": ["control": "identity"]],
      "canary": ["lane": "timed", "measurement": ["control": 0.05]],
    ],
  ]

  private static let stages = ["timing", "timing", "quality", "identity", "canary"]

  private var plan: PlanRecord {
    var spec = Self.spec
    if let better { spec["metrics"] = ["frechet": ["better": .string(better)]] }
    return PlanRecord(
      experiment: Self.experiment, canonicalSpec: CanonicalJSON.text(of: spec), hash: SHA256Digest(of: "plan"),
      canonicalPlan: "{}",
      trials: [TrialRecord(assignment: [("seed", 1)]), TrialRecord(assignment: [("seed", 2)])],
      jobs: Self.stages.enumerated().map { index, stage in
        JobRecord(
          stage: stage, fingerprint: SHA256Digest(of: "\(stage) \(index)"), parts: [], isTimed: true, parameters: [:],
          trials: index == 0 ? [0] : index == 1 ? [1] : [0, 1])
      })
  }

  /// Adds a night; times vary by 1 % from night to night and by 0.5 % from call to call.
  @discardableResult
  func add(_ night: PlantedNight) throws -> Int64 {
    let machine = MachineFingerprint(
      cpuModel: night.machine, cores: 2, memoryBytes: 1 << 32, kernel: "Linux", isVirtualized: false)
    let run = try store.beginRun(
      plan: try store.register(plan), machine: machine, code: .unknown, toolVersion: "1.0")
    let level = night.time * exp(noise.normal(0.01))
    let samples = [
      times(level), times(level), [SampleResult(metric: "frechet", value: night.distance)],
      pairs(0.01, slower: night.identity), pairs(0.01, slower: night.canary),
    ]
    try store.recordFinished(
      samples.enumerated().map { job, samples in
        let start = TimePoint.now()
        var report = AttemptReport(exitKind: .succeeded, samples: samples, start: start)
        report.conditions = TimingConditions(
          rule: .standard, waitedSeconds: 0.2, loadBefore: night.isQuiet.map { $0 ? 0 : 2 })
        return (job: job, seed: 1, report: report)
      }, run: run, toolVersion: "test 1")
    try store.endRun(run, state: .finished)
    return run
  }

  func review(_ policy: NightReview.Policy = .init()) throws -> NightReview {
    try NightReview(of: Self.experiment, in: store, policy: policy)
  }

  private func times(_ level: Double) -> [SampleResult] {
    (0..<6).map { repetition in
      SampleResult(
        metric: "time", unit: "s", repetition: repetition, isWarmup: repetition == 0,
        value: (repetition == 0 ? 3 : 1) * level * exp(noise.normal(0.005)))
    }
  }

  /// Twelve pairs of rounds in opposite order.
  private func pairs(_ level: Double, slower share: Double) -> [SampleResult] {
    (0..<24).flatMap { repetition -> [SampleResult] in
      let names = repetition.isMultiple(of: 2) ? ["time.a", "time.b"] : ["time.b", "time.a"]
      return names.enumerated().map { position, name in
        let factor = name == "time.b" ? 1 + share : 1
        return SampleResult(
          metric: name, unit: "s", repetition: repetition, block: repetition / 2, position: position,
          value: level * factor * exp(noise.normal(0.01)))
      }
    }
  }
}
