import AttemptModel
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Trains the autoencoder whose latents a teacher can be trained on, and measures it on renderings that it has not seen.
struct TrainAutoencoderTask: WorkerTask {
  static let name = "train-autoencoder"
  static let version = "3"
  static let isResumable = true

  private static let shown = 12
  private let resolution: Int
  private let images: Int
  private let batch: Int
  private let learningRate: Float
  private let count: Int
  private let seed: UInt64

  init(_ parameters: inout ParameterReader) throws {
    resolution = try parameters.integer("resolution", default: 64, in: 16...64)
    guard [16, 32, 64].contains(resolution) else {
      throw ParameterError("parameter 'resolution' is \(resolution); it must be 16, 32 or 64")
    }
    batch = try parameters.integer("batch", default: 16, in: 2...4096)
    images = try parameters.integer("images", in: 0...1_000_000_000)
    guard images == 0 || images >= batch else {
      throw ParameterError(
        "parameter 'images' is \(images); give 0 for no autoencoder, or at least one batch of \(batch)")
    }
    learningRate = try parameters.number("learningRate", default: 3e-3, in: 1e-7...1)
    count = try parameters.integer("heldOut", default: 512, in: 1...100_000)
    seed = UInt64(try parameters.integer("seed", default: 6, in: 0...Int.max >> 33))
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let path = environment.output("autoencoder.safetensors")
    let result = TaskMeasurements.Artifact(
      name: "autoencoder", path: "autoencoder.safetensors", mediaType: "application/octet-stream")
    guard images > 0 else {
      try LatentSpace.writePixels(path)
      return TaskMeasurements(artifacts: [result])
    }
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: resolution)
    let heldOut = try EvaluationPrompts(sampler, drawing: count, seed: seed, split: .heldOut).realImages(seed: seed)
    let training = AutoencoderTraining(
      source: sampler, images: images, batch: batch, learningRate: learningRate, seed: seed)
    let loop = try environment.train(training)
    try LatentSpace.write(
      path, weights: training.average, source: sampler, seed: seed, numbers: ["images": Double(images)],
      session: environment.session)

    let space = try LatentSpace(contentsOf: path)
    let latents = space.encode(heldOut, side: resolution, session: environment.session)
    let restored = space.decode(latents, side: resolution / 2, session: environment.session)
    let (originals, copies) = (heldOut.pictures(side: resolution), restored.pictures(side: resolution))
    try ContactSheet(
      rows: [
        .init(title: "held out", images: Array(originals.prefix(Self.shown))),
        .init(title: "restored", images: Array(copies.prefix(Self.shown))),
      ]
    ).image().write(to: environment.output("sheet.png"))
    let restoration = try PixelMetrics.pairs(copies, originals, suffix: ".heldout")
    return TaskMeasurements(
      metrics: try TrainingSummary(log: loop.logPath).metrics + restoration + [
        .init(name: "images", value: Double(images)),
        .init(name: "latent.maximum", value: Double(latents.reduce(0) { max($0, abs($1)) })),
      ],
      artifacts: [
        result, .init(name: "sheet", path: "sheet.png", mediaType: "image/png"), try environment.log(of: loop),
      ])
  }
}
