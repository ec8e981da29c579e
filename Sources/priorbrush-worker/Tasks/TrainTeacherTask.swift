import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Trains text encoder and teacher on a captioned image set.
struct TrainTeacherTask: WorkerTask {
  static let name = "train-teacher"
  static let version = "1"

  private let preset: Preset
  private var recipe = TeacherRecipe()
  private var augmentation = Augmentation()

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
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let vocabulary = try Vocabulary(contentsOf: environment.input("vocabulary"))
    let configuration = preset.configuration(vocabulary: vocabulary.count)
    let sampler = try ExampleSampler(
      dataset: dataset, resolution: configuration.resolution, augmentation: augmentation)
    let start = try environment.optionalInput("start").map { try ModelFile($0, kind: .teacher) }
    if let start, try start.configuration() != configuration {
      throw ParameterError("\(start.path) was trained with another configuration; choose the preset it was made with")
    }
    let training = try TeacherTraining(
      configuration, recipe: recipe, examples: TrainingExamples(source: sampler, vocabulary: vocabulary), start: start)
    let loop = try environment.train(training)
    try ModelFile.write(
      environment.output("teacher.safetensors"), kind: .teacher, configuration: configuration,
      weights: [("text.", training.average.text), ("network.", training.average.network)],
      numbers: ["images": Double(recipe.images)])
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [
        .init(name: "teacher", path: "teacher.safetensors", mediaType: "application/octet-stream"),
        try environment.log(of: loop),
      ])
  }
}
