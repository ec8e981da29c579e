import Foundation

/// A deterministic multi-step sampler from noise to images.
///
/// - Source: DDIM: Song, Meng and Ermon, 2021. DPM-Solver++(2M): Lu et al., 2022, algorithm 2, with a first-order last step.
public enum Sampler: String, Sendable, CaseIterable {
  /// First-order steps, uniform in time.
  case ddim
  /// Second-order multistep solver, steps uniform in log-SNR.
  case dpmSolver = "dpm-solver++"

  /// Returns the times a sampler visits, from the noisiest down; the image is the prediction at the last one.
  ///
  /// - Parameters:
  ///   - steps: Number of network evaluations, at least 1.
  ///   - start: The first time, in (0, 1].
  /// - Returns: `steps` falling times.
  public func times(steps: Int, from start: Float = 1) -> [Float] {
    guard steps > 1 else { return [start] }
    switch self {
    case .ddim:
      return (0..<steps).map { start * (1 - Float($0) / Float(steps)) }
    case .dpmSolver:
      let first = NoiseSchedule.halfLogSNR(min(start, 0.995))
      let last = NoiseSchedule.halfLogSNR(0.02)
      return (0..<steps).map {
        NoiseSchedule.time(halfLogSNR: first + (last - first) * Float($0) / Float(steps - 1))
      }
    }
  }

  /// Runs the sampler.
  ///
  /// - Parameters:
  ///   - noise: Noisy images at the first time, `N · R · R · 3` values.
  ///   - times: Falling times, as `times(steps:from:)` gives them.
  ///   - predict: Predicts clean images from noisy ones at a time.
  /// - Returns: The images, as many values as `noise`.
  public func images(
    from noise: [Float], times: [Float], predict: (_ noisy: [Float], _ time: Float) -> [Float]
  ) -> [Float] {
    var state = noise
    var clean: [Float] = []
    var previous: [Float] = []
    var previousStep: Float = 0
    for (index, time) in times.enumerated() {
      previous = clean
      clean = predict(state, time)
      guard index + 1 < times.count else { break }
      let next = times[index + 1]
      let sigmaRatio = NoiseSchedule.sigma(next) / NoiseSchedule.sigma(time)
      let alpha = NoiseSchedule.alpha(next)
      let step = NoiseSchedule.halfLogSNR(next) - NoiseSchedule.halfLogSNR(time)
      let gain = alpha * (1 - exp(-step))
      let extrapolation = self == .dpmSolver && index > 0 ? step / (2 * previousStep) : 0
      for value in state.indices {
        var target = clean[value]
        if extrapolation != 0 { target += extrapolation * (clean[value] - previous[value]) }
        state[value] = sigmaRatio * state[value] + gain * target
      }
      previousStep = step
    }
    return clean
  }
}
