import COneDNN

/// A running average of weights: `average = decay · average + (1 − decay) · weights`.
public final class ExponentialAverage: @unchecked Sendable {
  /// The averaged weights.
  public let weights: Weights
  /// How much of the average is kept in each update, in [0, 1).
  public let decay: Float

  /// Creates an average that starts at a copy of the given weights.
  public init(_ weights: Weights, decay: Float) {
    self.weights = weights.copy()
    self.decay = decay
  }

  /// Moves the average towards the given weights.
  public func update(from source: Weights) {
    update(from: source, range: 0..<weights.values.count)
    weights.markChanged()
  }

  func update(from source: Weights, range: Range<Int>) {
    requireSameSize(weights.layout, source.layout)
    guard let average = weights.values.baseAddress, let values = source.values.baseAddress else { return }
    nn_average(average + range.lowerBound, values + range.lowerBound, decay, Int64(range.count))
  }
}
