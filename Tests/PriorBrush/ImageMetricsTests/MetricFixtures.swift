import Foundation
import PNGImage
import Testing

/// Values of scikit-image, made by `Fixtures/make_fixtures.py`, and the images they belong to.
struct MetricFixtures: Decodable {
  struct Values: Decodable {
    var uniform7: Double
    var gaussian: Double?
    var mse: Double
    var mae: Double
    var psnr: Double?
  }

  struct Case: Decodable {
    var kind: String
    var width: Int
    var height: Int
    var channels: Int
    var seed: Int
    var bytes: Values
    var floats: Values

    var images: (Image, Image) {
      let first = pixels { base($0, $1, $2, seed) }
      let second = pixels { x, y, c in
        let value = base(x, y, c, seed)
        switch kind {
        case "noise": return min(max(value + (x * 37 + y * 91 + c * 13 + x * y * 7 + seed) % 61 - 30, 0), 255)
        case "negative": return 255 - value
        case "other": return base(x, y, c, seed + 5)
        default: return value
        }
      }
      guard kind == "flat" else { return (first, second) }
      return (pixels { _, _, _ in 40 }, pixels { _, _, _ in 200 })
    }

    private func pixels(_ value: (Int, Int, Int) -> Int) -> Image {
      var pixels: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<channels { pixels.append(UInt8(value(x, y, c))) }
        }
      }
      return Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    private func base(_ x: Int, _ y: Int, _ c: Int, _ seed: Int) -> Int {
      let slope = x * 5 + y * 3 + c * 29 + seed * 17
      let texture = (x * y + seed) % 31 * 5
      let stripes = (x / 4 + y / 3 + c) % 2 * 60
      return (slope + texture + stripes) % 256
    }
  }

  var cases: [Case]

  static func load() throws -> MetricFixtures {
    let url = try #require(Bundle.module.url(forResource: "metrics", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(MetricFixtures.self, from: Data(contentsOf: url))
  }
}
