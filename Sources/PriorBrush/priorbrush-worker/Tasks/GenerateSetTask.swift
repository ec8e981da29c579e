import AttemptModel
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Writes the images of a system as a folder of PNG files with captions, for whatever judges folders.
struct GenerateSetTask: WorkerTask {
  static let name = "generate-set"
  static let version = "1"

  private let system: String
  private let count: Int
  private let seed: Int
  private let split: EvaluationPrompts.Split
  private let refinement: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    system = try parameters.string("system")
    count = try parameters.integer("prompts", default: 512, in: 1...100_000)
    seed = try parameters.integer("seed", in: 0...Int.max >> 33)
    split = try parameters.choice("split", default: .training)
    refinement = try RefinementSettings(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let side = models.imageSide
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: side)
    let prompts = try EvaluationPrompts(sampler, drawing: count, seed: UInt64(seed), split: split)
    let set = try SystemSet(
      system, refinement: refinement, prompts: prompts, seeds: (0..<count).map { UInt64(seed) << 32 + UInt64($0) },
      realSeed: UInt64(seed) + 1, models: models, side: side, environment: environment)
    let digits = String(count - 1).count
    let examples = zip(prompts.texts, set.images.pictures(side: side)).enumerated().map { index, pair in
      let number = String(index)
      return CaptionedDataset.Example(
        id: String(repeating: "0", count: digits - number.count) + number, caption: pair.0, image: pair.1)
    }
    try CaptionedDataset(name: system, resolution: side, examples: examples).write(to: environment.output("images"))
    return TaskMeasurements(
      metrics: [.init(name: "images", value: Double(count))],
      artifacts: [.init(name: "images", path: "images", mediaType: "inode/directory")])
  }
}
