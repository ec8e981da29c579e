package import NeuralNetwork

/// How far images are from what they should be: the mean absolute error of the pixels plus that of their differences to the right and
/// lower neighbours, which keeps edges sharp.
package struct ReconstructionError: Sendable {
  /// This part's share of the mean over all values.
  package private(set) var value = 0.0
  /// The derivative by each value of the images.
  package private(set) var gradient: [Float]

  /// Measures images.
  ///
  /// - Parameters:
  ///   - images: `[N, S, S, C]`.
  ///   - target: The same shape.
  ///   - total: Number of values that the mean is taken over, those of other shards included.
  package init(_ images: Tensor, target: Tensor, total: Int) {
    let shape = images.shape
    let share = 1 / Float(total)
    let difference = (0..<images.count).map { images.data[$0] - target.data[$0] }
    var gradient = [Float](repeating: 0, count: images.count)
    var sum: Float = 0
    func add(_ error: Float, _ index: Int, minus other: Int?) {
      sum += abs(error)
      let slope = error > 0 ? share : error < 0 ? -share : 0
      gradient[index] += slope
      if let other { gradient[other] -= slope }
    }
    for row in 0..<shape.batch * shape.height {
      for place in 0..<shape.width * shape.channels {
        let index = row * shape.width * shape.channels + place
        add(difference[index], index, minus: nil)
        if place >= shape.channels {
          let left = index - shape.channels
          add(difference[index] - difference[left], index, minus: left)
        }
        if row % shape.height > 0 {
          let above = index - shape.width * shape.channels
          add(difference[index] - difference[above], index, minus: above)
        }
      }
      value += Double(sum * share)
      sum = 0
    }
    self.gradient = gradient
  }
}
