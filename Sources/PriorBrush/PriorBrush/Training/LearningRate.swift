import Foundation

/// A learning rate that rises linearly, stays, and falls along half a cosine.
public struct LearningRate: Sendable {
  /// The highest value.
  public var peak: Float
  /// Steps of the linear rise.
  public var warmupSteps: Int
  /// Share of the training, at its end, over which the rate falls; 1 falls from the start.
  public var decayShare: Float
  /// The last value as a share of the peak.
  public var floor: Float = 0

  /// Creates a schedule.
  ///
  /// - Parameters:
  ///   - peak: The highest value.
  ///   - warmupSteps: Steps of the linear rise.
  ///   - decayShare: Share of the training over which the rate falls, in [0, 1].
  public init(peak: Float, warmupSteps: Int = 0, decayShare: Float = 1) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.decayShare = decayShare
  }

  /// Returns the rate of a step.
  ///
  /// - Parameters:
  ///   - step: 0-based step.
  ///   - steps: Steps in all.
  /// - Returns: The rate, in [0, peak].
  public func value(at step: Int, of steps: Int) -> Float {
    let rise = min(1, Float(step + 1) / Float(max(1, warmupSteps)))
    let start = Float(steps) * (1 - decayShare)
    let progress = max(0, (Float(step) - start) / max(1, Float(steps) - start))
    return peak * rise * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
  }
}
