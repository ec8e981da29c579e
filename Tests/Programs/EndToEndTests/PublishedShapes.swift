import Foundation
import NeuralNetwork
import Testing
import TestSupport

/// The tensors of the published networks, from which weights of the right layout and no meaning are made.
struct PublishedShapes: Decodable {
  struct Network: Decodable {
    var net: String?
    var shapes: [String: [Int]]
  }

  var perceptual: [Network]
  var inception: Network
  var contrastive: Network

  static let fixtures = "\(packageFolder)/Tests/PriorBrush/PerceptualNetworksTests/Fixtures"

  init() throws {
    self = try JSONDecoder().decode(
      Self.self, from: Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/networks.json")))
  }

  /// Writes an LPIPS network as its two published files.
  func writePerceptual(_ net: String, backbone: String, to folder: String) throws {
    let shapes = try #require(perceptual.first { $0.net == net }).shapes
    try write(shapes.filter { $0.key.hasPrefix("features") }, to: "\(folder)/\(backbone)")
    try write(shapes.filter { $0.key.hasPrefix("lin") }, to: "\(folder)/\(net).pth")
  }

  /// Writes random tensors; variances, heads and scales are positive.
  func write(_ shapes: [String: [Int]], to path: String) throws {
    var stream = RandomStream(seed: 1, name: (path as NSString).lastPathComponent)
    let tensors = shapes.sorted { $0.key < $1.key }.map { key, shape in
      let inputs = max(shape.dropFirst().reduce(1, *), 1)
      let isPositive =
        key.hasSuffix("running_var") || key.hasPrefix("lin") || (shape.count == 1 && key.hasSuffix(".weight"))
      return NamedTensor(
        key, shape: shape,
        values: (0..<shape.reduce(1, *)).map { _ in
          isPositive ? 0.5 + stream.uniform() : stream.normal() / Float(inputs).squareRoot()
        })
    }
    try Data(SafeTensors.encode(tensors, metadata: [:], half: false)).write(to: URL(fileURLWithPath: path))
  }
}
