import AttemptModel
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
  private let probeEvery: Int
  private var augmentation = Augmentation()

  init(_ parameters: inout ParameterReader) throws {
    recipe.batch = try parameters.integer("batch", default: recipe.batch, in: 2...4096)
    recipe.images = try parameters.integer("images", in: recipe.batch...1_000_000_000)
    recipe.learningRate = try parameters.number("learningRate", default: 3e-4, in: 1e-8...1)
    recipe.fakeLearningRate = try parameters.number("fakeLearningRate", default: 6e-4, in: 1e-8...1)
    recipe.decayShare = try parameters.number("decayShare", default: 0.4, in: 0...1)
    recipe.fakeUpdates = try parameters.integer("fakeUpdates", default: 1, in: 1...100)
    recipe.guidance = try parameters.number("guidance", default: 2, in: 0...20)
    recipe.fakeGuidance = try parameters.number("fakeGuidance", default: 1, in: 0...20)
    recipe.gradient = try parameters.choice("gradient", default: .dmd)
    recipe.normaliserFloor = try parameters.number("normaliserFloor", default: 0.05, in: 1e-5...10)
    recipe.times.fineShare = try parameters.number("fineTimes", default: 0, in: 0...1)
    recipe.fakeTimes.fineShare = try parameters.number("fakeFineTimes", default: 0, in: 0...1)
    recipe.pairShare = try parameters.number("pairShare", default: 0, in: 0...1)
    recipe.pairWeight = try parameters.number("pairWeight", default: 1, in: 0...1000)
    let kind: FakeScoreKind = try parameters.choice("fakeScore", default: .full)
    let rank = try parameters.integer("rank", default: 16, in: 1...1024)
    let alpha = try parameters.number("alpha", default: 32, in: 0...4096)
    recipe.fakeScore = kind == .full ? .full : .lowRank(rank: rank, alpha: alpha)
    recipe.studentTime = try parameters.number("studentTime", default: 1, in: 0.1...1)
    recipe.averageDecay = try parameters.number("averageDecay", default: 0.995, in: 0...0.999999)
    recipe.seed = UInt64(try parameters.integer("seed", default: 2, in: 0...Int.max))
    probeEvery = try parameters.integer("probeEvery", default: 0, in: 0...1_000_000)
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
      unconditional: models.text.encodeNothing(session: session), start: try start(of: models, environment),
      pairs: try pairs(for: models, environment), recipe: recipe)
    let probe = try probeEvery > 0 ? StudentProbe(environment, models, sampler, studentTime: recipe.studentTime) : nil
    let loop = try environment.train(training) {
      guard let probe, training.step % probeEvery == 0 || training.step == training.steps else { return }
      try probe.record(training.average, step: training.step)
    }
    try ModelFile.write(
      environment.output("student.safetensors"), kind: .student, configuration: models.network.configuration,
      weights: [("network.", training.average)],
      numbers: ["images": Double(recipe.images), "studentTime": Double(recipe.studentTime)])
    var artifacts: [TaskMeasurements.Artifact] = [
      .init(name: "student", path: "student.safetensors", mediaType: "application/octet-stream"),
      try environment.log(of: loop),
    ]
    if let probe { artifacts.append(try probe.artifact(environment)) }
    return TaskMeasurements(metrics: try TrainingSummary(log: loop.logPath).metrics, artifacts: artifacts)
  }

  /// The weights of the input `start`, which must see its noise at the recipe's time.
  private func start(of models: ModelSet, _ environment: TaskEnvironment) throws -> Weights? {
    guard let path = environment.optionalInput("start") else { return nil }
    let file = try ModelFile(path, kind: .student)
    guard try file.configuration() == models.network.configuration else {
      throw ParameterError("\(path) was made for a teacher of other sizes; start from a student of the same teacher")
    }
    let time = Float(file.number("studentTime") ?? 1)
    guard time == recipe.studentTime else {
      throw ParameterError(
        "\(path) sees its noise at time \(time), parameter 'studentTime' is \(recipe.studentTime); make both equal")
    }
    return try file.weights(models.network.layout, prefix: "network.")
  }

  private func pairs(for models: ModelSet, _ environment: TaskEnvironment) throws -> EncodedPairs? {
    guard recipe.pairShare > 0 else { return nil }
    return try environment.pairs(for: models, at: environment.input("pairs"))
  }
}
