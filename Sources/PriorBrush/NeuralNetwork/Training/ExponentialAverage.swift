import COneDNN

/// A running average of weights: `average = decay · average + (1 − decay) · weights`.
///
/// The first steps of a training have a smaller decay, and the very first none, so that nothing is left of the weights before it, however
/// short it is.
///
/// - Source: after `EMAModel` of Hugging Face's diffusers, whose decay also begins at 0 and grows with the steps.
public final class ExponentialAverage: @unchecked Sendable {
  /// The averaged weights.
  public let weights: Weights
  /// How much of the average is kept in a late update, in [0, 1).
  public let decay: Float

  /// Creates an average that starts at a copy of the given weights.
  public init(_ weights: Weights, decay: Float) {
    self.weights = weights.copy()
    self.decay = decay
  }

  /// Moves the average towards the given weights.
  ///
  /// - Parameters:
  ///   - source: The weights.
  ///   - step: Which step of the training has made them, from 1; the `n`-th keeps at most `(n − 1) / (n + 8)` of the average.
  public func update(from source: Weights, step: Int) {
    update(from: source, step: step, range: 0..<weights.values.count)
    weights.markChanged()
  }

  func update(from source: Weights, step: Int, range: Range<Int>) {
    requireSameSize(weights.layout, source.layout)
    guard let average = weights.values.baseAddress, let values = source.values.baseAddress else { return }
    let kept = min(decay, Float(step - 1) / Float(step + 8))
    nn_average(average + range.lowerBound, values + range.lowerBound, kept, Int64(range.count))
  }
}
