import PriorBrush
import WorkerProtocol

/// Asks of a system what its noise does to the images of one prompt: what comes through as noise, and how much the images differ.
struct AuditNoiseTask: WorkerTask {
  static let name = "audit-noise"
  static let version = "1"

  private let system: String
  private let count: Int
  private let perPrompt: Int
  private let seed: Int
  private let refinement: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    system = try parameters.string("system")
    count = try parameters.integer("prompts", default: 64, in: 2...10_000)
    perPrompt = try parameters.integer("perPrompt", default: 8, in: 2...1000)
    seed = try parameters.integer("seed", in: 0...Int.max >> 33)
    refinement = try RefinementSettings(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let encoder = try EncoderMetrics(environment) { models.text.vocabulary }
    let side = try SystemSet.side(of: models, measuredBy: encoder)
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: side)
    let prompts = EvaluationPrompts(sampler, count: count, seed: UInt64(seed)).repeated(perPrompt)
    let seeds = (0..<count * perPrompt).map { UInt64(seed) << 32 + UInt64($0) }
    let set = try SystemSet(
      system, refinement: refinement, prompts: prompts, seeds: seeds, realSeed: UInt64(seed) + 1, models: models,
      side: side, environment: environment)
    let isOfNoise = set.cost != nil && models.space.isPixels && side == models.imageSide
    var metrics = try NoiseMetrics.metrics(
      set.images, noise: isOfNoise ? SwiftBrushPipeline.noise(seeds: seeds, side: side) : nil, side: side,
      perPrompt: perPrompt)
    if let encoder { metrics += try encoder.diversity(set.images, side: side, perPrompt: perPrompt) }
    return TaskMeasurements(metrics: metrics)
  }
}
