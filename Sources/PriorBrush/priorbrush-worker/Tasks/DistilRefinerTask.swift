import AttemptModel
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Distils the teacher, at refinement noise levels, into a narrower network.
struct DistilRefinerTask: WorkerTask {
  static let name = "distil-refiner"
  static let version = "2"
  static let isResumable = true

  private var recipe = RefinerRecipe()
  private let widths: [Int]
  private let captionCount: Int

  init(_ parameters: inout ParameterReader) throws {
    let preset: Preset = try parameters.choice("preset", default: .standard)
    widths = try parameters.integers("widths", default: preset.refinerWidths)
    recipe.batch = try parameters.integer("batch", default: recipe.batch, in: 2...4096)
    recipe.images = try parameters.integer("images", in: recipe.batch...1_000_000_000)
    recipe.learningRate = try parameters.number("learningRate", default: 1.5e-3, in: 1e-8...1)
    recipe.startTime = try parameters.number("startTime", default: 0.6, in: 0.1...1)
    recipe.seed = UInt64(try parameters.integer("seed", default: 3, in: 0...Int.max))
    captionCount = try parameters.integer("captions", default: 4096, in: 1...1_000_000)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    try models.requirePixels()
    guard let student = models.student else { throw ParameterError("the stage needs an input 'student' or 'model'") }
    var configuration = models.network.configuration
    configuration.widths = widths
    if let problem = configuration.problem { throw ParameterError("parameter 'widths': \(problem)") }
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: configuration.resolution)
    let training = RefinerDistillation(
      narrow: UNet(configuration), full: models.network, teacher: models.teacher, student: student.weights,
      studentTime: student.time,
      captions: models.text.encode(sampler.captions(captionCount, seed: recipe.seed), session: environment.session),
      recipe: recipe)
    let loop = try environment.train(training)
    try ModelFile.write(
      environment.output("refiner.safetensors"), kind: .refiner, configuration: configuration,
      weights: [("network.", training.average)], numbers: ["images": Double(recipe.images)])
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [
        .init(name: "refiner", path: "refiner.safetensors", mediaType: "application/octet-stream"),
        try environment.log(of: loop),
      ])
  }
}
