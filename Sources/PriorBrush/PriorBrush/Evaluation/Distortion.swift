import NeuralNetwork

/// A way to make images worse by degrees, to test whether a metric notices.
public enum Distortion: String, Sendable, CaseIterable {
  /// Gaussian blur; the level is its standard deviation in pixels.
  case blur
  /// Gaussian noise; the level is its standard deviation as a share of the range.
  case noise
  /// Quantised 8 × 8 cosine transforms as in JPEG; the level is 100 minus the quality.
  case compression
  /// Colours further from gray; the level is the factor.
  case saturation
  /// Exchanged pairs of 2 × 2-pixel blocks; the level is the share of blocks.
  case blockShuffle = "block-shuffle"
  /// A smooth random warp; the level is its amplitude in pixels.
  case warp
  /// Black and white pixels; the level is their share.
  case salt

  /// Levels from mild to severe.
  public var levels: [Double] {
    switch self {
    case .blur: [0.5, 1, 2, 3]
    case .noise: [0.02, 0.05, 0.1, 0.2]
    case .compression: [20, 50, 80, 90]
    case .saturation: [1.2, 1.5, 2, 3]
    case .blockShuffle: [0.05, 0.15, 0.4, 1]
    case .warp: [0.5, 1, 2, 4]
    case .salt: [0.01, 0.02, 0.05, 0.1]
    }
  }

  /// Distorts images.
  ///
  /// - Parameters:
  ///   - images: `N · R · R · 3` values in [-1, 1].
  ///   - side: R, a multiple of 8.
  ///   - level: How much, see the cases.
  ///   - seed: Seed of what is random; the same draws serve every level, so that more is more of the same.
  /// - Returns: As many values in [-1, 1].
  public func applied(to images: [Float], side: Int, level: Double, seed: UInt64) -> [Float] {
    let size = side * side * 3
    var result: [Float] = []
    result.reserveCapacity(images.count)
    for row in 0..<images.count / size {
      let canvas = DistortionCanvas(Array(images[row * size..<(row + 1) * size]), side: side)
      var stream = RandomStream(seed: seed, stream: UInt64(row))
      let distorted =
        switch self {
        case .blur: canvas.blurred(Float(level))
        case .noise: canvas.noised(Float(level), &stream)
        case .compression: canvas.compressed(quality: 100 - level)
        case .saturation: canvas.saturated(Float(level))
        case .blockShuffle: canvas.shuffled(share: Float(level), &stream)
        case .warp: canvas.warped(amplitude: Float(level), &stream)
        case .salt: canvas.salted(share: Float(level), &stream)
        }
      result += distorted.map { min(max($0, -1), 1) }
    }
    return result
  }
}
