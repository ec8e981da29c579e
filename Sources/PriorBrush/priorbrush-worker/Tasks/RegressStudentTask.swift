import AttemptModel
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Trains a student on a teacher's pairs: the start of a distillation.
struct RegressStudentTask: WorkerTask {
  static let name = "regress-student"
  static let version = "1"

  private var recipe = RegressionRecipe()

  init(_ parameters: inout ParameterReader) throws {
    recipe.batch = try parameters.integer("batch", default: recipe.batch, in: 2...4096)
    recipe.images = try parameters.integer("images", in: 0...1_000_000_000)
    guard recipe.images == 0 || recipe.images >= recipe.batch else {
      throw ParameterError(
        "parameter 'images' is \(recipe.images); give 0 for a student equal to the teacher, or at least one batch of \(recipe.batch)"
      )
    }
    recipe.learningRate = try parameters.number("learningRate", default: 3e-4, in: 1e-8...1)
    recipe.studentTime = try parameters.number("studentTime", default: 0.88, in: 0.1...1)
    recipe.averageDecay = try parameters.number("averageDecay", default: 0.995, in: 0...0.999999)
    recipe.seed = UInt64(try parameters.integer("seed", default: 5, in: 0...Int.max))
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    try models.requirePixels()
    guard recipe.images > 0 else {
      return TaskMeasurements(artifacts: [try write(models.teacher, models, environment)])
    }
    let pairs = try environment.pairs(for: models, at: environment.input("pairs"))
    let training = StudentRegression(
      network: models.network, teacher: models.teacher, examples: pairs, recipe: recipe)
    let loop = try environment.train(training)
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [try write(training.average, models, environment), try environment.log(of: loop)])
  }

  private func write(
    _ student: Weights, _ models: ModelSet, _ environment: TaskEnvironment
  ) throws -> TaskMeasurements.Artifact {
    try ModelFile.write(
      environment.output("student.safetensors"), kind: .student, configuration: models.network.configuration,
      weights: [("network.", student)],
      numbers: ["images": Double(recipe.images), "studentTime": Double(recipe.studentTime)])
    return .init(name: "student", path: "student.safetensors", mediaType: "application/octet-stream")
  }
}

extension TaskEnvironment {
  /// Reads a teacher's pairs, with captions encoded by the teacher they are used for.
  func pairs(for models: ModelSet, at path: String) throws -> EncodedPairs {
    let pairs = try TeacherPairs(contentsOf: path)
    guard pairs.resolution == models.imageSide else {
      throw ParameterError(
        "\(path) holds images of \(pairs.resolution) pixels, the teacher makes \(models.imageSide); draw pairs from the same teacher"
      )
    }
    return EncodedPairs(pairs, text: models.text, session: session)
  }
}
