import Foundation
import ImageMetrics
import NeuralNetwork
import PNGImage
import PerceptualNetworks

/// Prints how long the metrics take, for comparison with `compare_metrics.py`.
///
/// The name of `networks.json`, a fixture of the tests, adds the published networks with weights of no meaning.
@main struct MetricBenchmarks {
  static func main() throws {
    for (side, calls) in [(32, 400), (64, 200), (512, 10)] {
      let (ours, bare) = try PNGBenchmark.times(side: side, calls: calls, rounds: 15)
      print("png decode \(side) x \(side) x 3\t\(ours) ms\tlibpng alone \(bare) ms\tratio \(ours / bare)")
    }
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
    for directions in [128, 512] {
      try report("sliced wasserstein n 256, 32 x 32, \(directions) directions", rounds: 3) {
        _ = try SlicedWassersteinDistance(images, others, directions: directions)
      }
    }
    try report("power spectrum n 256, 32 x 32", rounds: 3) { _ = try PowerSpectrum(of: images) }
    if CommandLine.arguments.count > 1 { try networks(CommandLine.arguments[1]) }
  }

  /// The networks at their published size.
  private static func networks(_ path: String) throws {
    struct Network: Decodable {
      var net: String?
      var shapes: [String: [Int]]
    }
    struct Fixtures: Decodable {
      var perceptual: [Network]
      var inception: Network
    }
    let fixtures = try JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let session = Session()
    for fixture in fixtures.perceptual.dropFirst() {
      guard let kind = LearnedPerceptualDistance.Backbone(rawValue: fixture.net ?? "") else { continue }
      let source = ConstantTensors(shapes: fixture.shapes)
      let distance = try LearnedPerceptualDistance(kind, backbone: source, heads: source)
      let values = pattern(side: 64, seed: 3).signedFloats()
      try report("lpips \(kind.rawValue) 64 x 64, one pair") {
        _ = try distance(values, values, shape: Shape(1, 64, 64, 3), session: session)
      }
    }
    let inception = try InceptionFeatures(ConstantTensors(shapes: fixtures.inception.shapes))
    let four = (0..<4).flatMap { pattern(side: 64, seed: $0).signedFloats() }
    try report("inception, four images") { _ = try inception(four, shape: Shape(4, 64, 64, 3), session: session) }
    let model = try ContrastiveModel(ConstantTensors(shapes: ConstantTensors.contrastive))
    let images = (0..<4).map { pattern(side: 224, seed: $0) }
    try report("clip vit-b/32, four images") { _ = model.embed(images: images, session: session) }
    try report("clip vit-b/32, a text of 12 numbers") {
      _ = try model.embed(texts: [[49_406] + [Int32](1...10) + [49_407]], session: session)
    }
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

/// Weights of equal numbers, for timing.
private struct ConstantTensors: TensorSource {
  let label = "constant weights"
  var shapes: [String: [Int]]

  func shape(of name: String) -> [Int]? { shapes[name] }

  func values(of name: String, shape: [Int]) throws -> [Float] {
    [Float](repeating: 0.01, count: shape.reduce(1, *))
  }

  /// The shapes of CLIP ViT-B/32.
  static var contrastive: [String: [Int]] {
    var shapes = [
      "visual.class_embedding": [768], "visual.positional_embedding": [50, 768],
      "visual.conv1.weight": [768, 3, 32, 32], "visual.proj": [768, 512], "token_embedding.weight": [49_408, 512],
      "positional_embedding": [77, 512],
      "text_projection": [512, 512],
    ]
    func norm(_ name: String, _ width: Int) {
      shapes["\(name).weight"] = [width]
      shapes["\(name).bias"] = [width]
    }
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) {
      shapes["\(name).weight"] = [outputs, inputs]
      shapes["\(name).bias"] = [outputs]
    }
    for (tower, width) in [("visual.transformer", 768), ("transformer", 512)] {
      for layer in 0..<12 {
        let block = "\(tower).resblocks.\(layer)"
        norm("\(block).ln_1", width)
        norm("\(block).ln_2", width)
        shapes["\(block).attn.in_proj_weight"] = [3 * width, width]
        shapes["\(block).attn.in_proj_bias"] = [3 * width]
        linear("\(block).attn.out_proj", width, width)
        linear("\(block).mlp.c_fc", width, 4 * width)
        linear("\(block).mlp.c_proj", 4 * width, width)
      }
    }
    norm("visual.ln_pre", 768)
    norm("visual.ln_post", 768)
    norm("ln_final", 512)
    return shapes
  }
}
