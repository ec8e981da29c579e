/// What the two-stage pipeline made of some prompts.
public struct Generation: Sendable {
  /// The first stage's images, `N · R · R · 3` values in [-1, 1].
  public var coarse: [Float]
  /// The second stage's images, of the same form; equal to `coarse` after 0 steps.
  public var refined: [Float]
  /// What the second stage found.
  public var refinement: Refinement
}

/// The two-stage pipeline: a coarse image in one step, then a few steps of prior-aware refinement.
///
/// - Source: the paper's Algorithms 1 and 5; pipeline B of section 5.4.
public struct PriorBrushPipeline {
  /// The first stage.
  public var swiftBrush: SwiftBrushPipeline
  /// The second stage.
  public var refiner: any Refiner

  /// Creates the pipeline.
  ///
  /// - Parameters:
  ///   - swiftBrush: The first stage.
  ///   - refiner: The second stage.
  public init(swiftBrush: SwiftBrushPipeline, refiner: any Refiner) {
    self.swiftBrush = swiftBrush
    self.refiner = refiner
  }

  /// Generates images.
  ///
  /// - Parameters:
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image.
  ///   - steps: Refinement steps.
  /// - Returns: Coarse and refined images with content prior and degradation map.
  public func generate(captions: EncodedCaptions, seeds: [UInt64], steps: Int) -> Generation {
    let coarse = swiftBrush.generate(captions: captions, seeds: seeds)
    guard steps > 0 else {
      let none = Refinement(contentPrior: [Float](repeating: 0, count: coarse.count), degradation: [])
      return Generation(coarse: coarse, refined: coarse, refinement: none)
    }
    let refinement = refiner.refine(coarse, captions: captions, seeds: seeds, steps: steps)
    let refined = zip(coarse, refinement.contentPrior).map { min(max($0 + $1, -1), 1) }
    return Generation(coarse: coarse, refined: refined, refinement: refinement)
  }
}
