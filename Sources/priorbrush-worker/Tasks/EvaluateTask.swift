import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Measures how near a system comes to real images of the same prompts, and what it costs.
struct EvaluateTask: WorkerTask {
  static let name = "evaluate"
  static let version = "3"

  private let system: String
  private let count: Int
  private let seed: Int
  private let refinement: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    system = try parameters.string("system")
    count = try parameters.integer("prompts", default: 512, in: 40...100_000)
    seed = try parameters.integer("seed", in: 0...Int.max)
    refinement = try RefinementSettings(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let side = models.network.configuration.resolution
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let sampler = try ExampleSampler(dataset: dataset, resolution: side)
    let space = try EmbeddingSpace(
      contentsOf: environment.input("encoder"), vocabulary: models.text.vocabulary)
    guard space.resolution == side else {
      throw ParameterError(
        "the encoder sees images of \(space.resolution) pixels, the models make \(side); train one with their preset")
    }
    let prompts = EvaluationPrompts(sampler, count: count, seed: UInt64(seed))
    let session = environment.session
    let seeds = (0..<count).map { UInt64(seed) << 32 + UInt64($0) }

    var metrics: [TaskMeasurements.Metric] = []
    let images: [Float]
    if system == "real" {
      images = prompts.realImages(seed: UInt64(seed) + 1)
    } else {
      let system = try refinement.applied(to: GenerationSystem(named: system))
      let captions = models.text.encode(prompts.texts, session: session)
      var made: [Float] = []
      let seconds =
        try ContinuousClock().measure {
          made = try BatchRunner().images(captions: captions, seeds: seeds) { session, captions, seeds in
            try system.images(models, captions: captions, seeds: seeds, session: session)
          }
        } / .seconds(1)
      images = made
      metrics.append(.init(name: "evaluations", value: Double(system.networkEvaluations)))
      metrics.append(.init(name: "time.image", value: seconds / Double(count), unit: "s"))
    }

    let realImages = prompts.realImages(seed: UInt64(seed))
    let embedded = space.embed(images: images, session: session)
    metrics += try distances(
      FeatureSet(embedded, width: EmbeddingSpace.width),
      FeatureSet(space.embed(images: realImages, session: session), width: EmbeddingSpace.width))
    let retrieval = prompts.retrieval(of: embedded, in: space, session: session)
    metrics.append(.init(name: "cosine", value: retrieval.cosine))
    metrics.append(.init(name: "top1", value: retrieval.topOne))
    let nearest = prompts.nearestReal(to: images)
    let perceptual = space.perceptualDistances(images, nearest, session: session)
    metrics.append(.init(name: "perceptual.real", value: perceptual.reduce(0, +) / Double(count)))
    func pictures(_ batch: [Float]) -> [Image] { (0..<count).map { Image(side: side, batch: batch, row: $0) } }
    let (made, own, real) = (pictures(images), pictures(nearest), pictures(realImages))
    metrics.append(.init(name: "sliced", value: try SlicedWassersteinDistance(made, real, seed: UInt64(seed)).mean))
    let spectrum = try PowerSpectrum(of: made).difference(from: PowerSpectrum(of: real))
    metrics.append(.init(name: "detail", value: spectrum.signedFineDetail, unit: "dB"))
    let similarities = try zip(made, own).map { try structuralSimilarity($0, $1) }
    metrics.append(.init(name: "ssim.real", value: similarities.reduce(0, +) / Double(count)))
    if let pooled = PixelError.pooled(try zip(made, own).map { try PixelError($0, $1) }) {
      metrics.append(.init(name: "psnr.real", value: pooled.peakSignalToNoise, unit: "dB"))
    }
    return TaskMeasurements(metrics: metrics)
  }

  private func distances(_ features: FeatureSet, _ real: FeatureSet) throws -> [TaskMeasurements.Metric] {
    let kernel = try KernelDistance(features, real)
    let overlap = try ManifoldOverlap(features, real)
    return [
      .init(name: "frechet", value: try FrechetDistance(features, real, allowingRankDeficiency: true).value),
      .init(name: "kernel", value: kernel.value), .init(name: "kernel.error", value: kernel.standardError),
      .init(name: "precision", value: overlap.precision), .init(name: "recall", value: overlap.recall),
      .init(name: "density", value: overlap.density), .init(name: "coverage", value: overlap.coverage),
    ]
  }
}
