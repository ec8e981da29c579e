public import NeuralNetwork

/// Refines by projecting a re-noised coarse image back onto the images a denoiser knows, where and as far as the degradation map
/// says.
///
/// The coarse image is noised to `startTime` and brought back in `N` deterministic steps without guidance. Each step moves the
/// running estimate `x` to `x - stepSize · m · (x - F)`, with `F` the denoiser's clean image and `m` the modulation by the map:
/// Algorithm 2, line 6, with `DiffusionStep(x, d) = m(d) (x - F)`. With `m = 1` and a step size of 1 it is SDEdit.
///
/// - Source: Meng et al., "SDEdit", 2022; the paper's Algorithms 1, 2 and 5.
public struct ProjectionRefiner: Refiner {
  /// Turns expected errors into the share of each step that is taken.
  public struct Modulation: Sendable {
    /// The expected error, on the scale of images in [-1, 1], from which on the whole step is taken.
    public var fullError: Float
    /// The share taken where no error is expected, in [0, 1].
    public var floor: Float

    /// Creates a modulation.
    ///
    /// - Parameters:
    ///   - fullError: The expected error from which on the whole step is taken, above 0.
    ///   - floor: The share taken where no error is expected, in [0, 1].
    public init(fullError: Float = 0.5, floor: Float = 0.2) {
      self.fullError = fullError
      self.floor = floor
    }

    /// Returns the share of a step that is taken.
    ///
    /// - Parameter error: The expected error, not negative.
    /// - Returns: The share, in [floor, 1].
    package func share(_ error: Float) -> Float { floor + (1 - floor) * min(1, error / fullError) }
  }

  /// The denoiser that images are projected with: the teacher, or a cheaper network distilled from it.
  public var denoiser: Denoiser
  /// The map's network and weights.
  public var estimator: (network: DegradationEstimator, weights: Weights)
  /// How the map acts, or nil to ignore it.
  public var modulation: Modulation?
  /// The noise level the coarse image is brought to, as a diffusion time.
  public var startTime: Float
  /// The step size `alpha` of Algorithm 2.
  public var stepSize: Float
  /// Whether the last step is taken whole and everywhere, so that nothing of the coarse image's speckle is kept.
  public var takesLastStepWhole: Bool

  /// Creates a refiner.
  ///
  /// - Parameters:
  ///   - denoiser: The denoiser.
  ///   - estimator: The degradation map's network and weights.
  ///   - modulation: How the map acts, or nil to ignore it.
  ///   - startTime: The noise level to start from, in (0, 1).
  ///   - stepSize: The step size `alpha`.
  ///   - takesLastStepWhole: Whether the last step is taken whole and everywhere.
  public init(
    denoiser: Denoiser, estimator: (network: DegradationEstimator, weights: Weights),
    modulation: Modulation? = Modulation(), startTime: Float = 0.45, stepSize: Float = 1,
    takesLastStepWhole: Bool = false
  ) {
    self.denoiser = denoiser
    self.estimator = estimator
    self.modulation = modulation
    self.startTime = startTime
    self.stepSize = stepSize
    self.takesLastStepWhole = takesLastStepWhole
  }

  /// Estimates the content prior.
  ///
  /// - Parameters:
  ///   - coarse: `N · R · R · 3` values in [-1, 1].
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image; the noise is stream 1 of it.
  ///   - steps: Reverse diffusion steps; 0 leaves the images as they are.
  /// - Returns: Content priors and the degradation maps of the first step.
  public func refine(_ coarse: [Float], captions: EncodedCaptions, seeds: [UInt64], steps: Int) -> Refinement {
    let side = denoiser.network.configuration.resolution
    var state = Noise.values(seeds: seeds, stream: .refinement, count: side * side * 3)
    var time = startTime
    mix(&state, image: coarse, time: time)
    var estimate = coarse
    var firstMap: [Float] = []
    for step in 0..<steps {
      let map = estimator.network.maps(
        estimate, captions: captions, side: side, weights: estimator.weights, session: denoiser.session)
      if step == 0 { firstMap = map }
      let clean = denoiser.cleanImages(
        state, times: [Float](repeating: time, count: seeds.count), captions: captions, limit: 1)
      let alpha = NoiseSchedule.alpha(time)
      let sigma = NoiseSchedule.sigma(time)
      time = startTime * (1 - Float(step + 1) / Float(steps))
      let isWhole = takesLastStepWhole && step == steps - 1
      for index in estimate.indices {
        let share = isWhole ? 1 : stepSize * (modulation.map { $0.share(map[index / 3]) } ?? 1)
        state[index] = (state[index] - alpha * clean[index]) / sigma
        estimate[index] -= share * (estimate[index] - clean[index])
      }
      mix(&state, image: estimate, time: time)
    }
    let prior = zip(estimate, coarse).map { min(max($0, -1), 1) - $1 }
    return Refinement(contentPrior: prior, degradation: firstMap)
  }

  /// Replaces noise by the noisy image of a time.
  private func mix(_ noise: inout [Float], image: [Float], time: Float) {
    let alpha = NoiseSchedule.alpha(time)
    let sigma = NoiseSchedule.sigma(time)
    for index in noise.indices { noise[index] = alpha * image[index] + sigma * noise[index] }
  }
}
