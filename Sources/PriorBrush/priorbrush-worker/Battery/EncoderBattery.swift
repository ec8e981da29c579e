import ImageMetrics
import NeuralNetwork
import PriorBrush

/// An encoder under test and the real images to test it with.
struct EncoderBattery {
  let space: EmbeddingSpace
  let dataset: CaptionedDataset
  let session: Session
  /// Images of a set.
  let count: Int
  let seed: UInt64
  /// Real images of set 0, which all distances are measured to.
  let originals: [Float]
  /// Those images in the encoder's space.
  let reference: FeatureSet

  init(space: EmbeddingSpace, dataset: CaptionedDataset, session: Session, count: Int, seed: UInt64) throws {
    self.space = space
    self.dataset = dataset
    self.session = session
    self.count = count
    self.seed = seed
    let sampler = try ExampleSampler(dataset: dataset, resolution: space.resolution)
    originals = EvaluationPrompts(sampler, count: count, seed: seed).realImages(seed: seed)
    reference = try FeatureSet(space.embed(images: originals, session: session), width: EmbeddingSpace.width)
  }

  var side: Int { space.resolution }

  /// Draws prompts of one split; other sets, other prompts.
  func prompts(
    set: UInt64 = 0, from split: EvaluationPrompts.Split = .training, of dataset: CaptionedDataset? = nil
  ) throws -> EvaluationPrompts {
    let sampler = try ExampleSampler(dataset: dataset ?? self.dataset, resolution: side)
    return EvaluationPrompts(sampler, count: count, seed: seed + set, split: split)
  }

  /// Real images of the prompts of a set.
  func realImages(set: UInt64) throws -> [Float] { try prompts(set: set).realImages(seed: seed + set) }

  func features(of images: [Float]) throws -> FeatureSet {
    try FeatureSet(space.embed(images: images, session: session), width: EmbeddingSpace.width)
  }

  /// The names in a random order that depends on the seeds only.
  func shuffled(_ names: Set<String>, set: UInt64 = 0) -> [String] {
    var stream = RandomStream(seed: seed + set, stream: 5)
    return names.sorted().shuffled(using: &stream)
  }

  /// Both distances of a set of images to the reference images.
  func distances(_ images: [Float]) throws -> (frechet: Double, kernel: KernelDistance) {
    let features = try features(of: images)
    return (try FrechetDistance(features, reference).value, try KernelDistance(features, reference))
  }
}

/// What a check found.
struct EncoderFinding {
  /// The number that decides.
  var statistic: Double
  /// What it is compared with.
  var threshold: Double
  var passes: Bool
  /// Further numbers by name.
  var details: [(name: String, value: Double)] = []
}
