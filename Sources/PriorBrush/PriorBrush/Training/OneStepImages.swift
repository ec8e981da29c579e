import NeuralNetwork

extension UNet {
  /// Makes images in one step, as a student does, within a pass that can be differentiated.
  ///
  /// - Parameters:
  ///   - noise: Normal numbers, `[N, R, R, 3]`.
  ///   - time: The time at which the student sees them.
  ///   - text: Encoded captions of the batch.
  ///   - pass: The forward pass over the student's weights.
  /// - Returns: `alpha z - sigma v`, of the noise's shape and not clamped.
  func oneStepImages(_ noise: Tensor, time: Float, text: TextFeatures, _ pass: Pass) -> Tensor {
    let times = [Float](repeating: time, count: noise.shape.batch)
    let velocity = self(noise, times: times, text: text, pass)
    return pass.session.subtract(
      pass.session.scale(noise, by: NoiseSchedule.alpha(time)),
      pass.session.scale(velocity, by: NoiseSchedule.sigma(time)))
  }
}
