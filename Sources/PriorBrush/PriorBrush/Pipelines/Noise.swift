import NeuralNetwork

/// Gaussian noise that depends on an image's seed and purpose alone, not on the batch it is made in.
enum Noise {
  /// What the noise is for; each purpose has its own stream, so that one never shifts the other.
  enum Purpose: UInt64 {
    case generation = 0
    case refinement = 1
  }

  static func values(seeds: [UInt64], stream: Purpose, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: seeds.count * count)
    values.withUnsafeMutableBufferPointer { buffer in
      for (row, seed) in seeds.enumerated() {
        var generator = RandomStream(seed: seed, stream: stream.rawValue)
        generator.fill(normal: UnsafeMutableBufferPointer(rebasing: buffer[row * count..<(row + 1) * count]))
      }
    }
    return values
  }
}
