import Foundation
import ImageMetrics
import PNGImage
import Testing

/// Values of published code, made by `Fixtures/make_set_fixtures.py`, and the vectors and images they belong to.
struct SetFixtures: Decodable {
  struct Line: Decodable {
    var value: Double
    var slope: Double
  }

  struct Overlap: Decodable {
    var precision: Double
    var recall: Double
    var density: Double
    var coverage: Double
  }

  struct Retrieval: Decodable {
    var cosine: Double
    var top1: Double
    var top5: Double
  }

  struct Sets: Decodable {
    var seed: UInt64
    var count: Int
    var width: Int
    var shift: Double
    var neighbours: Int
    var blocks: Int
    var frechet: Double
    var baseline: Double
    var extrapolated: Line
    var kernel: Double
    var kernelError: Double
    var overlap: Overlap
    var memorised: Double
    var nearest: Double
    var diversity: Double
    var retrieval: Retrieval

    func real() throws -> FeatureSet { try SetFixtures.features(seed: seed, count: count, width: width) }
    func made() throws -> FeatureSet {
      try SetFixtures.features(seed: seed + 1, count: count, width: width, shift: shift)
    }
  }

  struct Images: Decodable {
    var width: Int
    var height: Int
    var channels: Int
    var seed: Int
    var laplacianVariance: Double
    var totalVariation: Double
    var saturation: Double
    var clippedShare: Double
    var spectrum: [Double]
  }

  struct Wasserstein: Decodable {
    var side: Int
    var count: Int
    var patches: Int
    var directions: Int
    var seed: UInt64
    var levels: [Double]
  }

  var sets: [Sets]
  var images: [Images]
  var wasserstein: [Wasserstein]

  static func load() throws -> SetFixtures {
    let url = try #require(Bundle.module.url(forResource: "sets", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(SetFixtures.self, from: Data(contentsOf: url))
  }

  /// The vectors of `features` in the script.
  static func features(seed: UInt64, count: Int, width: Int, shift: Double = 0) throws -> FeatureSet {
    var stream = CounterStream(seed: seed)
    var values: [Float] = []
    for _ in 0..<count {
      var last = 0.0
      for column in 0..<width {
        let sum = stream.uniform() + stream.uniform() + stream.uniform()
        last = (sum - 1.5) / Double(1 + column % 7) + last * 0.5
        values.append(Float(last + shift))
      }
    }
    return try FeatureSet(values, width: width)
  }

  /// The image of `base` in the script.
  static func image(width: Int, height: Int, channels: Int, seed: Int) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<channels {
          let slope = x * 5 + y * 3 + c * 29 + seed * 17
          let texture = (x * y + seed) % 31 * 5
          let stripes = (x / 4 + y / 3 + c) % 2 * 60
          pixels.append(UInt8((slope + texture + stripes) % 256))
        }
      }
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }
}

/// Fails unless two numbers agree relative to the larger one.
func expectNear(
  _ found: Double, _ expected: Double, _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = max(abs(found), abs(expected), 1e-9)
  #expect(abs(found - expected) <= tolerance * scale, "\(found) instead of \(expected)", sourceLocation: sourceLocation)
}
