import AttemptModel
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Trains the degradation map on the student's images and the real images nearest to them.
struct TrainDegradationTask: WorkerTask {
  static let name = "train-degradation"
  static let version = "2"
  static let isResumable = true

  private let pairs: Int
  private let steps: Int
  private let seed: Int

  init(_ parameters: inout ParameterReader) throws {
    pairs = try parameters.integer("pairs", default: 4096, in: 64...1_000_000)
    steps = try parameters.integer("steps", default: 1500, in: 1...1_000_000)
    seed = try parameters.integer("seed", default: 4, in: 0...Int.max)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    try models.requirePixels()
    let configuration = models.network.configuration
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: configuration.resolution)
    let prompts = EvaluationPrompts(sampler, count: pairs, seed: UInt64(seed))
    let captions = models.text.encode(prompts.texts, session: environment.session)
    let coarse = try BatchRunner().images(captions: captions, seeds: (0..<pairs).map { UInt64(seed + 1 + $0) }) {
      session, captions, seeds in
      try models.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    }
    let estimator = DegradationEstimator(textWidth: configuration.textWidth)
    let training = DegradationTraining(
      estimator: estimator,
      pairs: DegradationPairs(
        coarse: coarse, nearestReal: prompts.nearestReal(to: coarse), captions: captions,
        side: configuration.resolution),
      side: configuration.resolution, steps: steps, seed: UInt64(seed))
    let loop = try environment.train(training)
    try ModelFile.write(
      environment.output("degradation.safetensors"), kind: .degradation, configuration: configuration,
      weights: [("network.", training.average)], numbers: ["pairs": Double(pairs)])
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics,
      artifacts: [
        .init(name: "degradation", path: "degradation.safetensors", mediaType: "application/octet-stream"),
        try environment.log(of: loop),
      ])
  }
}
