public import NeuralNetwork

/// Classifier-free guidance: how far to go past the conditional prediction, away from the one without a caption.
public struct Guidance: Sendable {
  /// The scale `g` in `u + g (c - u)`: 1 is the conditional prediction alone.
  public var scale: Float
  /// The encoded empty caption, one row.
  public var unconditional: EncodedCaptions

  /// Creates a guidance.
  ///
  /// - Parameters:
  ///   - scale: The scale `g`, at least 0; 1 turns guidance off.
  ///   - unconditional: The encoded empty caption.
  public init(scale: Float, unconditional: EncodedCaptions) {
    self.scale = scale
    self.unconditional = unconditional
  }
}

/// A U-Net with weights, used to predict clean images from noisy ones.
///
/// Not shared across threads at once: it works in one session.
public struct Denoiser {
  /// The network.
  public let network: UNet
  /// Weights of the network's layout.
  public let weights: Weights
  /// The session that the predictions run in.
  public let session: Session

  /// Creates a denoiser.
  ///
  /// - Parameters:
  ///   - network: The U-Net.
  ///   - weights: Weights of its layout.
  ///   - session: The calling thread's session.
  public init(network: UNet, weights: Weights, session: Session) {
    self.network = network
    self.weights = weights
    self.session = session
  }

  /// Predicts the clean images behind noisy ones.
  ///
  /// With guidance, both predictions run as one batch of twice the size.
  ///
  /// - Parameters:
  ///   - noisy: `N` images of `R · R · 3` values each, conditioning images behind each pixel's channels where the network has them.
  ///   - times: Diffusion time of each image, in [0, 1].
  ///   - captions: `N` encoded captions.
  ///   - guidance: Guidance, or nil for the conditional prediction.
  ///   - limit: Predictions are clamped to ±`limit`.
  /// - Returns: `N` images, in [-limit, limit].
  public func cleanImages(
    _ noisy: [Float], times: [Float], captions: EncodedCaptions, guidance: Guidance? = nil, limit: Float = .infinity
  ) -> [Float] {
    let guided = guidance.flatMap { $0.scale == 1 ? nil : $0 }
    let count = times.count
    let configuration = network.configuration
    let channels = 3 * (1 + configuration.extraImages)
    let pixels = configuration.resolution * configuration.resolution
    session.reset(recording: false)
    let copies = guided == nil ? 1 : 2
    let input = session.tensor(Shape(copies * count, configuration.resolution, configuration.resolution, channels))
    for copy in 0..<copies {
      noisy.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        (input.data + copy * noisy.count).update(from: base, count: noisy.count)
      }
    }
    var text = captions
    if let guided { text = captions.followed(by: guided.unconditional.repeating(0, times: count)) }
    let velocity = network(
      input, times: copies == 1 ? times : times + times, text: text.features(in: session),
      Pass(session: session, weights: weights, gradients: nil))

    var clean = [Float](repeating: 0, count: count * pixels * 3)
    let half = count * pixels * 3
    for image in 0..<count {
      let alpha = NoiseSchedule.alpha(times[image])
      let sigma = NoiseSchedule.sigma(times[image])
      for pixel in 0..<pixels {
        for channel in 0..<3 {
          let index = (image * pixels + pixel) * 3 + channel
          var predicted = velocity.data[index]
          if let guided {
            let without = velocity.data[half + index]
            predicted = without + guided.scale * (predicted - without)
          }
          let value = alpha * noisy[(image * pixels + pixel) * channels + channel] - sigma * predicted
          clean[index] = min(max(value, -limit), limit)
        }
      }
    }
    return clean
  }
}
