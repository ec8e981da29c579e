import NeuralNetwork
import PNGImage
import PriorBrush

/// The images that a system makes of prompts, or real images in their place.
struct SystemSet {
  /// `N · side · side · 3` values in [-1, 1].
  let images: [Float]
  /// Seconds an image and evaluations of a network; nil for real images.
  let cost: (seconds: Double, evaluations: Int)?

  /// Makes one image of each prompt by a system such as `teacher:20`, or takes `real` ones, whose variants `realSeed` chooses.
  ///
  /// Images are brought to `side`, which is the models' own or a divisor of it.
  init(
    _ name: String, refinement: RefinementSettings, prompts: EvaluationPrompts, seeds: [UInt64], realSeed: UInt64,
    models: ModelSet, side: Int, environment: TaskEnvironment
  ) throws {
    if name == "real" {
      images = prompts.realImages(seed: realSeed)
      cost = nil
      return
    }
    let system = try refinement.applied(to: GenerationSystem(named: name))
    let captions = models.text.encode(prompts.texts, session: environment.session)
    var made: [Float] = []
    let seconds =
      try ContinuousClock().measure {
        made = try environment.images(of: system, models, captions: captions, seeds: seeds)
      } / .seconds(1)
    images = BoxReduction.reduced(made, side: models.imageSide, to: side)
    cost = (seconds / Double(seeds.count), system.networkEvaluations)
  }

  /// The side that images of the models are measured at: the encoder's, or their own without one.
  static func side(of models: ModelSet, measuredBy encoder: EncoderMetrics?) throws -> Int {
    let side = models.imageSide
    guard let encoder else { return side }
    guard side % encoder.space.resolution == 0 else {
      throw ParameterError(
        "the encoder sees images of \(encoder.space.resolution) pixels, the models make \(side), which is no multiple; train an "
          + "encoder with their preset")
    }
    return encoder.space.resolution
  }
}

extension [Float] {
  /// The images of a batch as 8-bit ones.
  func pictures(side: Int) -> [Image] {
    (0..<count / (side * side * 3)).map { Image(side: side, batch: self, row: $0) }
  }
}
