import NeuralNetwork

extension NoiseSchedule {
  /// Turns an image into training input and target: the noisy image and the velocity that a network is to predict from it.
  ///
  /// - Parameters:
  ///   - image: The clean image; receives the noisy one.
  ///   - velocity: Receives `alpha e - sigma x_0`, as many values.
  ///   - time: Diffusion time in [0, 1].
  ///   - stream: The source of the noise.
  static func noise(
    _ image: UnsafeMutableBufferPointer<Float>, velocity: UnsafeMutableBufferPointer<Float>, time: Float,
    using stream: inout RandomStream
  ) {
    let alpha = alpha(time)
    let sigma = sigma(time)
    for index in image.indices {
      let clean = image[index]
      let noise = stream.normal()
      image[index] = alpha * clean + sigma * noise
      velocity[index] = alpha * noise - sigma * clean
    }
  }
}
