import AttemptModel
import Foundation
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Draws a teacher's pairs of noise and image, for students that repeat them in one step.
struct DrawPairsTask: WorkerTask {
  static let name = "draw-pairs"
  static let version = "1"

  /// Pairs of one file of the scratch folder: what an interrupted task loses at most.
  private static let part = 256

  /// The end of an attempt that was cancelled.
  private struct Interrupted: Error, CustomStringConvertible {
    let done: Int
    let total: Int
    var description: String { "ended after \(done) of \(total) pairs; the next attempt goes on from there" }
  }

  private let count: Int
  private let system: GenerationSystem
  private let seed: UInt64
  private var augmentation = Augmentation()

  init(_ parameters: inout ParameterReader) throws {
    count = try parameters.integer("pairs", in: 1...1_000_000)
    system = GenerationSystem(
      .teacher, steps: try parameters.integer("steps", default: 20, in: 1...1000),
      guidance: try parameters.number("guidance", default: 2, in: 0...20))
    seed = UInt64(try parameters.integer("seed", default: 5, in: 0...Int(UInt32.max)))
    augmentation.sentenceProbability = try parameters.number("sentences", default: 0, in: 0...1)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    try models.requirePixels()
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: models.imageSide,
      augmentation: augmentation)
    let captions = sampler.captions(count, seed: seed)
    var images: [Float] = []
    for start in stride(from: 0, to: count, by: Self.part) {
      let rows = start..<min(start + Self.part, count)
      images += try part(rows, captions: Array(captions[rows]), models: models, environment)
      environment.context.report(done: rows.upperBound, total: count, message: "\(rows.upperBound) pairs")
    }
    let pairs = TeacherPairs(captions: captions, images: images, resolution: models.imageSide, seed: seed)
    try pairs.write(to: environment.output("pairs.safetensors"))
    return TaskMeasurements(
      metrics: [.init(name: "pairs", value: Double(count))],
      artifacts: [.init(name: "pairs", path: "pairs.safetensors", mediaType: "application/octet-stream")])
  }

  /// Draws some pairs, or takes them from an earlier attempt.
  private func part(
    _ rows: Range<Int>, captions: [String], models: ModelSet, _ environment: TaskEnvironment
  ) throws -> [Float] {
    let path = "\(environment.request.scratchDirectory)/\(rows.lowerBound).safetensors"
    if FileManager.default.fileExists(atPath: path) { return try TeacherPairs(contentsOf: path).images }
    if environment.context.isCancelled { throw Interrupted(done: rows.lowerBound, total: count) }
    let encoded = models.text.encode(captions, session: environment.session)
    let seeds = rows.map { TeacherPairs.noiseSeed($0, of: seed) }
    let images = try BatchRunner().images(captions: encoded, seeds: seeds) { session, captions, seeds in
      try system.images(models, captions: captions, seeds: seeds, session: session).map { min(max($0, -1), 1) }
    }
    try TeacherPairs(captions: captions, images: images, resolution: models.imageSide, seed: seed).write(to: path)
    return try TeacherPairs(contentsOf: path).images
  }
}
