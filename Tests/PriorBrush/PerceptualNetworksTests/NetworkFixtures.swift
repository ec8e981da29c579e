import Foundation
import NeuralNetwork
import PNGImage
import PerceptualNetworks
import RandomNumbers
import Testing

/// Values of published packages, made by `Fixtures/make_network_fixtures.py`, and the inputs that they belong to.
struct NetworkFixtures: Decodable {
  struct Perceptual: Decodable {
    var net: String
    var width: Int
    var height: Int
    var shapes: [String: [Int]]
    var distances: [Double]
  }

  struct Inception: Decodable {
    var width: Int
    var height: Int
    var shapes: [String: [Int]]
    var sums: [Double]
    var squares: [Double]
    var features: [Double]
  }

  struct Contrastive: Decodable {
    var shapes: [String: [Int]]
    var sizes: [[Int]]
    var pixelSums: [Double]
    var images: [[Double]]
    var texts: [[Int32]]
    var textEmbeddings: [[Double]]
  }

  struct Tokenizer: Decodable {
    var texts: [String]
    var numbers: [[Int32]]
    var end: Int32
  }

  var perceptual: [Perceptual]
  var inception: Inception
  var contrastive: Contrastive
  var tokenizer: Tokenizer

  static func path(_ name: String) throws -> String {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return folder.appendingPathComponent(name).path
  }

  static func load() throws -> NetworkFixtures {
    try JSONDecoder().decode(NetworkFixtures.self, from: Data(contentsOf: URL(fileURLWithPath: path("networks.json"))))
  }

  /// The image of `image` in the script.
  static func image(width: Int, height: Int, seed: Int) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          let slope = x * 5 + y * 3 + c * 29 + seed * 17
          let texture = (x * y + seed) % 31 * 5
          let stripes = (x / 4 + y / 3 + c) % 2 * 60
          pixels.append(UInt8((slope + texture + stripes) % 256))
        }
      }
    }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// The images of `batch` in the script, `[N, H, W, 3]`.
  static func batch(width: Int, height: Int, seeds: [Int]) -> [Float] {
    seeds.flatMap { image(width: width, height: height, seed: $0).signedFloats() }
  }
}

/// The weights of `values` in the script: SplitMix64 keyed by the FNV-1a hash of the name, scaled by what the tensor is.
struct SeededTensors: TensorSource {
  var label = "seeded weights"
  var shapes: [String: [Int]]

  func shape(of name: String) -> [Int]? { shapes[name] }

  func values(of name: String, shape: [Int]) throws -> [Float] {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { key = (key ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let (offset, scale, usesShare) = rule(name, shape)
    var generator = SplitMix64(seed: key)
    return (0..<shape.reduce(1, *)).map { _ in
      let u = Double(generator.next() >> 40) * 0x1p-24
      return Float(usesShare ? u / scale : offset + scale * (2 * u - 1))
    }
  }

  private func rule(_ name: String, _ shape: [Int]) -> (offset: Double, scale: Double, usesShare: Bool) {
    if name.hasPrefix("lin") { return (0, Double(shape[1]), true) }
    if name.hasSuffix("running_var") { return (1, 0.5, false) }
    if shape.count == 1, name.hasSuffix(".weight") { return (1, 0.2, false) }
    if shape.count <= 1 { return (0, 0.1, false) }
    if shape.count == 2 { return (0, (3 / Double(shape[1])).squareRoot(), false) }
    return (0, (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot(), false)
  }
}

/// Fails unless all numbers agree within a tolerance relative to the largest.
func expectNear(
  _ found: [Float], _ expected: [Double], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  let scale = expected.reduce(1e-9) { max($0, abs($1)) }
  let worst = zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
  #expect(worst <= tolerance * scale, "off by \(worst) of \(scale)", sourceLocation: sourceLocation)
}
