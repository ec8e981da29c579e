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
    for index in velocity.indices { velocity[index] = stream.normal() }
    mix(image, noise: velocity, time: time)
  }

  /// Turns an image and noise into training input and target, in place.
  ///
  /// - Parameters:
  ///   - image: The clean image; receives the noisy one.
  ///   - noise: As many normal values; receives the velocity `alpha e - sigma x_0`.
  ///   - time: Diffusion time in [0, 1].
  static func mix(_ image: UnsafeMutableBufferPointer<Float>, noise: UnsafeMutableBufferPointer<Float>, time: Float) {
    let alpha = alpha(time)
    let sigma = sigma(time)
    for index in image.indices {
      let (clean, normal) = (image[index], noise[index])
      image[index] = alpha * clean + sigma * normal
      noise[index] = alpha * normal - sigma * clean
    }
  }
}
