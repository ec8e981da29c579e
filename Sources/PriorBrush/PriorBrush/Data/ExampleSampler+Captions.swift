import NeuralNetwork

extension ExampleSampler {
  /// Draws training captions without their images.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - seed: Seed of the draws.
  /// - Returns: The captions, with repetitions.
  public func captions(_ count: Int, seed: UInt64) -> [String] {
    var stream = RandomStream(seed: seed, name: "captions")
    var pixels = [Float](repeating: 0, count: resolution * resolution * 3)
    return (0..<count).map { _ in
      pixels.withUnsafeMutableBufferPointer { draw(into: $0, using: &stream) }.caption
    }
  }
}
