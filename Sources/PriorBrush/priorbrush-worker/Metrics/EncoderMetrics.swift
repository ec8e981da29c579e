import ImageMetrics
import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// The metrics of an in-domain encoder, under names of their own.
struct EncoderMetrics {
  let space: EmbeddingSpace
  let session: Session

  /// Opens the encoder that the inputs name, unless its validation battery says that it is not fit to judge; nil without one.
  init?(_ environment: TaskEnvironment, vocabulary: () throws -> Vocabulary) throws {
    guard let path = environment.optionalInput("encoder") else { return nil }
    if let battery = environment.optionalInput("battery") {
      try EncoderCertificate(contentsOf: battery).require(encoder: path)
    }
    space = try EmbeddingSpace(contentsOf: path, vocabulary: vocabulary())
    session = environment.session
  }

  /// Embeds images of the encoder's resolution.
  func features(_ images: [Float]) throws -> FeatureSet {
    try FeatureSet(space.embed(images: images, session: session), width: EmbeddingSpace.width)
  }

  /// Embeds captions.
  func features(captions: [String]) throws -> FeatureSet {
    try FeatureSet(space.embed(captions: captions, session: session), width: EmbeddingSpace.width)
  }

  /// How well images fit their captions.
  static func metrics(of score: RetrievalScore) -> [TaskMeasurements.Metric] {
    [
      .init(name: "cosine", value: score.meanCosine), .init(name: "top1", value: score.recall(at: 1)),
      .init(name: "top5", value: score.recall(at: 5)),
    ]
  }

  /// Fréchet and kernel distance and the overlap of two sets.
  func distances(_ features: FeatureSet, _ real: FeatureSet) throws -> [TaskMeasurements.Metric] {
    let fewest = min(features.count, real.count)
    let kernel = try KernelDistance(features, real, blocks: min(20, fewest / 2))
    let overlap = try ManifoldOverlap(features, real, neighbours: min(5, fewest - 1))
    return [
      .init(name: "frechet", value: try FrechetDistance(features, real, allowingRankDeficiency: true).value),
      .init(name: "kernel", value: kernel.value), .init(name: "kernel.error", value: kernel.standardError),
      .init(name: "precision", value: overlap.precision), .init(name: "recall", value: overlap.recall),
      .init(name: "density", value: overlap.density), .init(name: "coverage", value: overlap.coverage),
    ]
  }
}
