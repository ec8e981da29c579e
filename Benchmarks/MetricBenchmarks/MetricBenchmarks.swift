import ImageMetrics
import PNGImage

/// Prints how long the metrics take, for comparison with `compare_metrics.py`.
@main struct MetricBenchmarks {
  static func main() throws {
    let image = pattern(side: 512, seed: 1)
    let other = pattern(side: 512, seed: 2)
    for window in SimilarityWindow.allCases {
      try report("\(window.rawValue) 512 x 512 x 3") { _ = try structuralSimilarity(image, other, window: window) }
    }
    for width in [64, 768, 2048] {
      let first = try features(count: 2 * width, width: width, seed: 1)
      let second = try features(count: 2 * width, width: width, seed: 2)
      let statistics = (try FeatureStatistics(first), try FeatureStatistics(second))
      try report("covariance n \(2 * width) d \(width)", rounds: 3) { _ = try FeatureStatistics(first) }
      try report("frechet d \(width)", rounds: 3) { _ = statistics.0.frechetDistance(to: statistics.1) }
    }
    let first = try features(count: 2048, width: 2048, seed: 1)
    let second = try features(count: 2048, width: 2048, seed: 2)
    try report("kernel distance n 2048 d 2048", rounds: 3) { _ = try KernelDistance(first, second) }
    try report("manifold overlap n 2048 d 2048", rounds: 3) { _ = try ManifoldOverlap(first, second) }
    let images = (0..<256).map { pattern(side: 32, seed: $0) }
    let others = (0..<256).map { pattern(side: 32, seed: $0 + 1000) }
    try report("sliced wasserstein n 256, 32 x 32", rounds: 3) { _ = try SlicedWassersteinDistance(images, others) }
    try report("power spectrum n 256, 32 x 32", rounds: 3) { _ = try PowerSpectrum(of: images) }
  }

  private static func report(_ name: String, rounds: Int = 9, _ body: () throws -> Void) throws {
    try body()
    let times = try (0..<rounds).map { _ in try ContinuousClock().measure { try body() } / .milliseconds(1) }.sorted()
    print("\(name)\t\(times[rounds / 2]) ms\t(min \(times[0]))")
  }

  private static func pattern(side: Int, seed: Int) -> Image {
    var state = UInt32(truncatingIfNeeded: seed)
    let pixels = (0..<side * side * 3).map { _ in
      state = 1_664_525 &* state &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return Image(width: side, height: side, channels: 3, pixels: pixels)
  }

  private static func features(count: Int, width: Int, seed: UInt32) throws -> FeatureSet {
    var state = seed
    let values = (0..<count * width).map { _ in
      state = 1_664_525 &* state &+ 1_013_904_223
      return Float(state >> 8) / 16_777_216
    }
    return try FeatureSet(values, width: width)
  }
}
