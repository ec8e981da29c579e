import NeuralNetwork

extension Session {
  /// Runs the backward pass of a squared error.
  ///
  /// - Parameters:
  ///   - prediction: The prediction.
  ///   - target: A constant of the same shape.
  ///   - total: Number of values that the mean is taken over, those of other shards included.
  /// - Returns: This shard's part of the mean squared error.
  func backwardSquaredError(_ prediction: Tensor, target: Tensor, total: Int) -> Double {
    var gradient = [Float](repeating: 0, count: prediction.count)
    var sum = 0.0
    for index in gradient.indices {
      let difference = prediction.data[index] - target.data[index]
      sum += Double(difference * difference)
      gradient[index] = 2 * difference / Float(total)
    }
    gradient.withUnsafeBufferPointer { backward(from: [(prediction, $0)]) }
    return sum / Double(total)
  }
}
