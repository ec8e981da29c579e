public import NeuralNetwork

extension EmbeddingSpace {
  /// Measures how different pairs of images look: squared differences of feature vectors of unit length, averaged over the
  /// places of a feature map and summed over the maps.
  ///
  /// The unweighted form of LPIPS on this encoder; it does not bear that name because it is not that network.
  ///
  /// - Parameters:
  ///   - first: `N · R · R · 3` values in [-1, 1].
  ///   - second: As many.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: One distance a pair, 0 for equal images.
  /// - Source: Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR 2018.
  public func perceptualDistances(_ first: [Float], _ second: [Float], session: Session) -> [Double] {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values are no pairs")
    let size = resolution * resolution * 3
    var distances: [Double] = []
    for start in stride(from: 0, to: first.count, by: 32 * size) {
      let range = start..<min(start + 32 * size, first.count)
      let count = range.count / size
      let maps = forward(Array(first[range] + second[range]), session: session) { encoder.features(of: $0, $1) }
      for row in 0..<count {
        distances.append(maps.reduce(0) { $0 + Self.distance(in: $1, row, count + row) })
      }
    }
    return distances
  }

  private static func distance(in map: Tensor, _ first: Int, _ second: Int) -> Double {
    let size = map.count / map.shape.batch
    func units(_ row: Int) -> [Float] {
      UnitRows(Array(map.buffer[row * size..<(row + 1) * size]), width: map.shape.channels).values
    }
    let squares = zip(units(first), units(second)).reduce(0.0) { sum, pair in
      sum + Double((pair.0 - pair.1) * (pair.0 - pair.1))
    }
    return squares / Double(map.shape.pixels)
  }
}
