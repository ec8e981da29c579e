import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Distils the teacher into the one-step student.
struct DistilStudentTask: WorkerTask {
  static let name = "distil-student"
  static let version = "2"
  static let isResumable = true

  private enum FakeScoreKind: String, CaseIterable {
    case full
    case lowRank = "low-rank"
  }

  private var recipe = StudentRecipe()
  private let captionCount: Int
  private var augmentation = Augmentation()

  init(_ parameters: inout ParameterReader) throws {
    recipe.batch = try parameters.integer("batch", default: recipe.batch, in: 2...4096)
    recipe.images = try parameters.integer("images", in: recipe.batch...1_000_000_000)
    recipe.learningRate = try parameters.number("learningRate", default: 3e-4, in: 1e-8...1)
    recipe.fakeLearningRate = try parameters.number("fakeLearningRate", default: 6e-4, in: 1e-8...1)
    recipe.fakeUpdates = try parameters.integer("fakeUpdates", default: 1, in: 1...100)
    recipe.guidance = try parameters.number("guidance", default: 2, in: 0...20)
    recipe.fakeGuidance = try parameters.number("fakeGuidance", default: 1, in: 0...20)
    recipe.gradient = try parameters.choice("gradient", default: .dmd)
    let kind: FakeScoreKind = try parameters.choice("fakeScore", default: .full)
    let rank = try parameters.integer("rank", default: 16, in: 1...1024)
    let alpha = try parameters.number("alpha", default: 32, in: 0...4096)
    recipe.fakeScore = kind == .full ? .full : .lowRank(rank: rank, alpha: alpha)
    recipe.studentTime = try parameters.number("studentTime", default: 1, in: 0.1...1)
    recipe.averageDecay = try parameters.number("averageDecay", default: 0.995, in: 0...0.999999)
    recipe.seed = UInt64(try parameters.integer("seed", default: 2, in: 0...Int.max))
    captionCount = try parameters.integer("captions", default: 4096, in: 1...1_000_000)
    augmentation.sentenceProbability = try parameters.number("sentences", default: 0, in: 0...1)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    try models.requirePixels()
    let session = environment.session
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")),
      resolution: models.network.configuration.resolution, augmentation: augmentation)
    let captions = models.text.encode(
      sampler.captions(captionCount, seed: recipe.seed), session: session)
    let training = StudentDistillation(
      network: models.network, teacher: models.teacher, captions: captions,
      unconditional: models.text.encodeNothing(session: session), recipe: recipe)
    let loop = try environment.train(training)
    try ModelFile.write(
      environment.output("student.safetensors"), kind: .student, configuration: models.network.configuration,
      weights: [("network.", training.average)],
      numbers: ["images": Double(recipe.images), "studentTime": Double(recipe.studentTime)])
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [
        .init(name: "student", path: "student.safetensors", mediaType: "application/octet-stream"),
        try environment.log(of: loop),
      ])
  }
}
