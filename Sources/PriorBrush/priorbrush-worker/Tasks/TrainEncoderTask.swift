import AttemptModel
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Trains an image-text encoder: the one of the metrics, or another to check it against.
struct TrainEncoderTask: WorkerTask {
  static let name = "train-encoder"
  static let version = "2"
  static let isResumable = true

  private let preset: Preset
  private let architecture: ImageTextEncoder.Architecture
  private let images: Int
  private let seed: Int

  init(_ parameters: inout ParameterReader) throws {
    preset = try parameters.choice("preset", default: .standard)
    architecture = try parameters.choice("architecture", default: .convolutional)
    images = try parameters.integer("images", in: 96...1_000_000_000)
    seed = try parameters.integer("seed", default: 7, in: 0...Int.max)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let vocabulary = try Vocabulary(contentsOf: environment.input("vocabulary"))
    let configuration = preset.configuration(vocabulary: vocabulary.count)
    let encoder = ImageTextEncoder(
      architecture, vocabulary: vocabulary.count, resolution: configuration.resolution)
    let sampler = try ExampleSampler(dataset: dataset, resolution: configuration.resolution)
    let training = EncoderTraining(
      encoder: encoder, examples: TrainingExamples(source: sampler, vocabulary: vocabulary),
      side: configuration.resolution, images: images, seed: UInt64(seed))
    let loop = try environment.train(training)
    try ModelFile.write(
      environment.output("encoder.safetensors"), kind: .encoder, configuration: configuration,
      weights: [("encoder.", training.average)], numbers: ["images": Double(images)],
      texts: ["architecture": architecture.rawValue])
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [
        .init(name: "encoder", path: "encoder.safetensors", mediaType: "application/octet-stream"),
        try environment.log(of: loop),
      ])
  }
}
