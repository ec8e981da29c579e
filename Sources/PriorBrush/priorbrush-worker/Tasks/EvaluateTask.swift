import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Measures how near a system comes to real images of the same prompts, and what it costs.
struct EvaluateTask: WorkerTask {
  static let name = "evaluate"
  static let version = "5"

  private let system: String
  private let count: Int
  private let seed: Int
  private let split: EvaluationPrompts.Split
  private let snapshot: Int
  private let refinement: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    system = try parameters.string("system")
    count = try parameters.integer("prompts", default: 512, in: 40...100_000)
    seed = try parameters.integer("seed", in: 0...Int.max >> 33)
    split = try parameters.choice("split", default: .training)
    snapshot = try parameters.integer("snapshot", default: 0, in: 0...10_000)
    refinement = try RefinementSettings(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet(snapshot: snapshot)
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let encoder = try EncoderMetrics(environment) { models.text.vocabulary }
    let published = try PublishedMetrics(
      folder: environment.optionalInput("weights"), session: environment.session)
    let side = try SystemSet.side(of: models, measuredBy: encoder)
    let sampler = try ExampleSampler(dataset: dataset, resolution: side)
    let prompts = try EvaluationPrompts(sampler, drawing: count, seed: UInt64(seed), split: split)
    let set = try SystemSet(
      system, refinement: refinement, prompts: prompts, seeds: (0..<count).map { UInt64(seed) << 32 + UInt64($0) },
      realSeed: UInt64(seed) + 1, models: models, side: side, environment: environment)
    let real = prompts.realImages(seed: UInt64(seed))
    let nearest = prompts.nearestReal(to: set.images)

    var metrics: [TaskMeasurements.Metric] = []
    if let cost = set.cost {
      metrics.append(.init(name: "evaluations", value: Double(cost.evaluations)))
      metrics.append(.init(name: "time.image", value: cost.seconds, unit: "s"))
    }
    if let images = models.trainingImages { metrics.append(.init(name: "teacher.images", value: images)) }
    if let encoder {
      metrics += try embedded(set.images, real: real, nearest: nearest, prompts: prompts, encoder: encoder)
    }
    let (made, own) = (set.images.pictures(side: side), nearest.pictures(side: side))
    metrics += try PixelMetrics.sets(made, real.pictures(side: side), seed: UInt64(seed))
    metrics += try PixelMetrics.pairs(made, own, suffix: ".real")
    metrics += try PixelMetrics.detail(of: made)
    if dataset.name == ShapesDataset.name { metrics += AttributeMetrics.metrics(made, captions: prompts.texts) }
    metrics += try published.sets(set.images, real, side: side)
    metrics += try published.pairs(set.images, nearest, side: side)
    metrics += try published.alignment(made, captions: prompts.texts)
    return TaskMeasurements(metrics: metrics)
  }

  private func embedded(
    _ images: [Float], real: [Float], nearest: [Float], prompts: EvaluationPrompts, encoder: EncoderMetrics
  ) throws -> [TaskMeasurements.Metric] {
    let features = try encoder.features(images)
    let perceptual = encoder.space.perceptualDistances(images, nearest, session: encoder.session)
    return try encoder.distances(features, encoder.features(real))
      + EncoderMetrics.metrics(of: prompts.retrieval(of: features, by: encoder)) + [
        .init(name: "perceptual.real", value: perceptual.reduce(0, +) / Double(perceptual.count))
      ]
  }
}
