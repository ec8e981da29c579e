import Dispatch
import ImageMetrics
import NeuralNetwork
import PNGImage
import PerceptualNetworks
import PriorBrush
import Synchronization
import WorkerProtocol

/// The metrics of published networks, each under its true name and only if its weights were supplied.
struct PublishedMetrics {
  private let perceptual: [LearnedPerceptualDistance]
  private let inception: InceptionFeatures?
  private let contrastive: (model: ContrastiveModel, tokenizer: BytePairTokenizer)?
  private let session: Session

  /// Reads what lies in a folder; without a folder nothing is evaluated.
  init(folder: String?, session: Session) throws {
    self.session = session
    let folder = try folder.map { try PublishedWeightFolder(contentsOf: $0) }
    perceptual = try LearnedPerceptualDistance.Backbone.allCases.compactMap { try folder?.perceptualDistance($0) }
    inception = try folder?.inceptionFeatures()
    contrastive = try folder?.contrastiveModel()
  }

  /// Whether no weights were supplied.
  var isEmpty: Bool { perceptual.isEmpty && inception == nil && contrastive == nil }

  /// Images smaller than this are enlarged to it for LPIPS, and the metric's name says so.
  private static let perceptualSide = 64
  /// Pairs that are compared at once.
  private static let batch = 16

  /// LPIPS of pairs of square images of values in [-1, 1].
  func pairs(_ images: [Float], _ references: [Float], side: Int) throws -> [TaskMeasurements.Metric] {
    let size = side * side * 3
    let enlarged = side < Self.perceptualSide ? Self.perceptualSide : nil
    return try perceptual.map { network in
      var total = 0.0
      for start in stride(from: 0, to: images.count, by: Self.batch * size) {
        let range = start..<min(start + Self.batch * size, images.count)
        total += try network(
          Array(images[range]), Array(references[range]), shape: Shape(range.count / size, side, side, 3),
          enlargedTo: enlarged, session: session
        ).reduce(0, +)
      }
      let name = "lpips.\(network.kind.rawValue)" + (enlarged.map { ".\($0)px" } ?? "")
      return .init(name: name, value: total / Double(images.count / size))
    }
  }

  /// FID and KID of two sets of square images of values in [-1, 1].
  func sets(_ images: [Float], _ references: [Float], side: Int) throws -> [TaskMeasurements.Metric] {
    guard let inception else { return [] }
    // One set a thread; the network itself uses one.
    let results = Mutex<[Int: Result<[Float], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: 2) { number in
      let batch = number == 0 ? images : references
      let shape = Shape(batch.count / (side * side * 3), side, side, 3)
      let result = Result { try inception(batch, shape: shape, session: Session()) as [Float] }
      results.withLock { $0[number] = result }
    }
    let features = results.withLock { $0 }
    let (made, real) = (
      try FeatureSet(features[0]?.get() ?? [], width: InceptionFeatures.width),
      try FeatureSet(features[1]?.get() ?? [], width: InceptionFeatures.width)
    )
    let kernel = try KernelDistance(made, real, blocks: min(20, min(made.count, real.count) / 2))
    return [
      .init(name: "fid", value: try FrechetDistance(made, real, allowingRankDeficiency: true).value),
      .init(name: "fid.images", value: Double(made.count)), .init(name: "kid", value: kernel.value),
      .init(name: "kid.error", value: kernel.standardError),
    ]
  }

  /// CLIP score of images and their captions: the mean of 100 times the cosine, negative ones as 0, captions without a prefix.
  func alignment(_ images: [Image], captions: [String]) throws -> [TaskMeasurements.Metric] {
    guard let (model, tokenizer) = contrastive else { return [] }
    let names = Array(Set(captions)).sorted()
    let places = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
    let texts = try model.embed(
      texts: names.map { tokenizer.encode($0, context: model.context) }, session: session)
    let score = try RetrievalScore(
      images: FeatureSet(model.embed(images: images, session: session), width: model.width),
      captions: FeatureSet(texts, width: model.width), own: captions.map { places[$0] ?? 0 })
    return [
      .init(name: "clip.score", value: 100 * score.cosines.reduce(0) { $0 + max($1, 0) } / Double(score.cosines.count)),
      .init(name: "clip.cosine", value: score.meanCosine), .init(name: "clip.top1", value: score.recall(at: 1)),
      .init(name: "clip.top5", value: score.recall(at: 5)),
    ]
  }
}
