import Foundation
package import NeuralNetwork

/// The noise levels at which a distillation compares two scores, or trains the fake one.
public struct DistillationTimes: Sendable, Hashable {
  /// Times that are drawn evenly, in [0, 1].
  public var range: ClosedRange<Float>
  /// Share of the draws, in [0, 1], that are taken from `fineRatios` in place of `range`.
  ///
  /// Few evenly drawn times are so early that fine noise in an image stands out against the noise that is added; these are.
  public var fineShare: Float = 0
  /// Ratios `sigma / alpha` of which the fine draws have an evenly distributed logarithm; above 0.
  public var fineRatios: ClosedRange<Float> = 0.01...0.3

  /// Creates even draws.
  ///
  /// - Parameter range: Times that are drawn evenly, in [0, 1]; those of the released trainings unless given.
  public init(range: ClosedRange<Float> = 0.02...0.98) { self.range = range }

  /// Draws a time; takes one word of the stream.
  ///
  /// - Parameter stream: The source of the draw.
  /// - Returns: A diffusion time, in `range` or at a ratio of `fineRatios`.
  package func draw(using stream: inout RandomStream) -> Float {
    let place = stream.uniform()
    guard place < fineShare else {
      return range.lowerBound + (place - fineShare) / (1 - fineShare) * (range.upperBound - range.lowerBound)
    }
    let lowest = log(fineRatios.lowerBound)
    let logarithm = lowest + place / fineShare * (log(fineRatios.upperBound) - lowest)
    return NoiseSchedule.time(halfLogSNR: -logarithm)
  }
}
