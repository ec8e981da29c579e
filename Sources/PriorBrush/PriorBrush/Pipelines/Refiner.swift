/// What the second stage found for some coarse images.
public struct Refinement: Sendable {
  /// What is to be added to the coarse images, `N · R · R · 3` values: refined minus coarse.
  public var contentPrior: [Float]
  /// The degradation maps of the first step, `N · R · R` expected absolute errors; empty if no step was taken.
  public var degradation: [Float]
}

/// The second stage: a short reverse diffusion that estimates the content prior of coarse images.
///
/// - Source: Algorithm 1, line 5, and Algorithm 2, lines 3 to 8, of the paper.
public protocol Refiner {
  /// Estimates the content prior.
  ///
  /// - Parameters:
  ///   - coarse: `N · R · R · 3` values in [-1, 1].
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image.
  ///   - steps: Reverse diffusion steps; 0 leaves the images as they are.
  /// - Returns: Content priors and degradation maps.
  func refine(_ coarse: [Float], captions: EncodedCaptions, seeds: [UInt64], steps: Int) -> Refinement
}
