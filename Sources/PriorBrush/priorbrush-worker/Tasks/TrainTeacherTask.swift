import AttemptModel
import Foundation
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Trains text encoder and teacher on a captioned image set, or on the latents that an autoencoder makes of it.
struct TrainTeacherTask: WorkerTask {
  static let name = "train-teacher"
  static let version = "3"
  static let isResumable = true

  private let preset: Preset
  private let snapshots: Int
  private var recipe = TeacherRecipe()
  private var augmentation = Augmentation()

  /// The name of the file of a snapshot, counted from 1.
  static func snapshotName(_ number: Int) -> String { "teacher-\(number).safetensors" }

  init(_ parameters: inout ParameterReader) throws {
    preset = try parameters.choice("preset", default: .standard)
    recipe.batch = try parameters.integer("batch", default: recipe.batch, in: 2...4096)
    recipe.images = try parameters.integer("images", in: recipe.batch...1_000_000_000)
    recipe.learningRate = try parameters.number("learningRate", default: 1.5e-3, in: 1e-7...1)
    recipe.weightDecay = try parameters.number("weightDecay", default: 0.01, in: 0...1)
    recipe.captionDropout = try parameters.number("captionDropout", default: 0.1, in: 0...1)
    recipe.timeSkew = try parameters.number("timeSkew", default: 0.6, in: 0.05...20)
    recipe.averageDecay = try parameters.number("averageDecay", default: 0.999, in: 0...0.999999)
    recipe.seed = UInt64(try parameters.integer("seed", default: 1, in: 0...Int.max))
    augmentation.sentenceProbability = try parameters.number("sentences", default: 0, in: 0...1)
    snapshots = try parameters.integer("snapshots", default: 0, in: 0...recipe.images / recipe.batch)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let vocabulary = try Vocabulary(contentsOf: environment.input("vocabulary"))
    let configuration = preset.configuration(vocabulary: vocabulary.count)
    let space = try environment.optionalInput("autoencoder").map { try LatentSpace(contentsOf: $0) } ?? .pixels
    let sampler = try ExampleSampler(
      dataset: dataset, resolution: space.imageSide(of: configuration.resolution), augmentation: augmentation)
    let start = try environment.optionalInput("start").map { try ModelFile($0, kind: .teacher) }
    if let start, try start.configuration() != configuration {
      throw ParameterError("\(start.path) was trained with another configuration; choose the preset it was made with")
    }
    if let start { try space.require(of: start) }
    let training = try TeacherTraining(
      configuration, recipe: recipe, examples: TrainingExamples(source: sampler, vocabulary: vocabulary), space: space,
      start: start)
    let folder = "\(environment.request.scratchDirectory)/snapshots"
    if snapshots > 0 {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let loop = try environment.train(training) {
      // The steps after which a snapshot is due lie evenly; the last one is the teacher itself.
      for number in stride(from: 1, through: snapshots, by: 1)
      where training.steps * number / snapshots == training.step {
        try write(
          training, space, images: training.step * recipe.batch, to: "\(folder)/\(Self.snapshotName(number))",
          configuration)
      }
    }
    try write(training, space, images: recipe.images, to: environment.output("teacher.safetensors"), configuration)
    var artifacts: [TaskMeasurements.Artifact] = [
      .init(name: "teacher", path: "teacher.safetensors", mediaType: "application/octet-stream"),
      try environment.log(of: loop),
    ]
    if snapshots > 0 {
      try FileManager.default.copyItem(atPath: folder, toPath: environment.output("snapshots"))
      artifacts.append(.init(name: "snapshots", path: "snapshots", mediaType: "inode/directory"))
    }
    return TaskMeasurements(metrics: try TrainingSummary(log: loop.logPath).metrics, artifacts: artifacts)
  }

  private func write(
    _ training: TeacherTraining, _ space: LatentSpace, images: Int, to path: String,
    _ configuration: NetworkConfiguration
  ) throws {
    try ModelFile.write(
      path, kind: .teacher, configuration: configuration,
      weights: [("text.", training.average.text), ("network.", training.average.network)],
      numbers: ["images": Double(images)], texts: space.identity.map { ["autoencoder": $0] } ?? [:])
  }
}
