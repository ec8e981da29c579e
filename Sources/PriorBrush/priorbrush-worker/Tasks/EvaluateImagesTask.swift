import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Measures a folder of images, from whatever system, against a folder of reference images.
struct EvaluateImagesTask: WorkerTask {
  static let name = "evaluate-images"
  static let version = "1"

  private let side: Int?
  private let seed: Int

  init(_ parameters: inout ParameterReader) throws {
    let side = try parameters.integer("side", default: 0, in: 0...Image.maximumSide)
    self.side = side == 0 ? nil : side
    seed = try parameters.integer("seed", default: 1, in: 0...Int.max >> 33)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let made = try ImageFolder(contentsOf: environment.input("images"), side: side)
    let real = try ImageFolder(contentsOf: environment.input("reference"), side: side)
    let encoder = try EncoderMetrics(environment) { try Vocabulary(contentsOf: environment.input("vocabulary")) }
    let published = try PublishedMetrics(
      folder: environment.optionalInput("weights"), session: environment.session)
    let (images, references) = (made.entries.map(\.image), real.entries.map(\.image))
    guard min(images.count, references.count) >= 4 else {
      throw ParameterError(
        "\(images.count) images and \(references.count) references are too few for distances of sets; give at least 4 of each"
      )
    }
    guard images[0].width == references[0].width, images[0].height == references[0].height else {
      throw ParameterError(
        "the images are \(images[0].width) x \(images[0].height) pixels, the references \(references[0].width) x "
          + "\(references[0].height); bring both to one size with the parameter 'side'")
    }
    var metrics: [TaskMeasurements.Metric] = [
      .init(name: "images", value: Double(images.count)), .init(name: "references", value: Double(references.count)),
    ]
    metrics += try PixelMetrics.detail(of: images) + PixelMetrics.detail(of: references, suffix: ".reference")
    if min(images[0].width, images[0].height) >= 16 {
      // The sliced distance needs equally many; the first by name serve as well as any.
      let count = min(images.count, references.count)
      metrics += try PixelMetrics.sets(
        Array(images.prefix(count)), Array(references.prefix(count)), seed: UInt64(seed))
    }
    let partners = Dictionary(
      real.entries.map { ($0.name, $0.image) }, uniquingKeysWith: { first, _ in first })
    let pairs = made.entries.compactMap { entry in partners[entry.name].map { (entry.image, $0) } }
    metrics.append(.init(name: "pairs", value: Double(pairs.count)))
    if !pairs.isEmpty { metrics += try PixelMetrics.pairs(pairs.map(\.0), pairs.map(\.1), suffix: "") }
    if let encoder { metrics += try embedded(made, images, references, encoder: encoder) }
    if images[0].width == images[0].height {
      func floats(_ images: [Image]) -> [Float] { images.flatMap { $0.signedFloats() } }
      let side = images[0].width
      metrics += try published.sets(floats(images), floats(references), side: side)
      if !pairs.isEmpty { metrics += try published.pairs(floats(pairs.map(\.0)), floats(pairs.map(\.1)), side: side) }
    } else if !published.isEmpty {
      throw ParameterError(
        "the images are \(images[0].width) x \(images[0].height) pixels; published networks need squares here, give the "
          + "parameter 'side'")
    }
    if let captions = made.captions { metrics += try published.alignment(images, captions: captions) }
    return TaskMeasurements(metrics: metrics)
  }

  private func embedded(
    _ made: ImageFolder, _ images: [Image], _ references: [Image], encoder: EncoderMetrics
  ) throws -> [TaskMeasurements.Metric] {
    let side = encoder.space.resolution
    func features(_ images: [Image]) throws -> FeatureSet {
      try encoder.features(
        images.flatMap { image in
          let filter: ResamplingFilter = image.width % side == 0 && image.height % side == 0 ? .area : .lanczos
          return image.resized(width: side, height: side, filter: filter).signedFloats()
        })
    }
    let features = (try features(images), try features(references))
    var metrics = try encoder.distances(features.0, features.1)
    if let captions = made.captions {
      let names = Array(Set(captions)).sorted()
      let places = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
      let score = try RetrievalScore(
        images: features.0,
        captions: encoder.features(captions: names), own: captions.map { places[$0] ?? 0 })
      metrics += EncoderMetrics.metrics(of: score)
    }
    return metrics
  }
}
