import NeuralNetwork
import PriorBrush

/// Micro-sized networks with random weights in every layer, so that each part of them has an effect without any training.
enum Micro {
  static let vocabulary = Vocabulary(covering: ["red green blue circle square token disc shape number 0 1 2 pale dark"])
  static let configuration = NetworkConfiguration.micro(vocabulary: vocabulary.count)
  static let network = UNet(configuration)
  static let encoder = TextEncoder(configuration)
  static let estimator = DegradationEstimator(textWidth: configuration.textWidth)
  static let teacher = weights(network.layout, seed: 11)
  static let student = weights(network.layout, seed: 12)
  static let text = TextModel(
    vocabulary: vocabulary, encoder: encoder, weights: weights(encoder.layout, seed: 13))
  static let side = configuration.resolution
  static let size = configuration.imageCount

  static func weights(_ layout: ParameterLayout, seed: UInt64, spread: Float = 0.05) -> Weights {
    let weights = Weights(layout, seed: seed)
    var stream = RandomStream(seed: seed, name: "spread")
    for parameter in layout.parameters {
      let values = weights[parameter]
      for index in values.indices { values[index] += spread * stream.normal() }
    }
    weights.markChanged()
    return weights
  }

  static func captions(_ texts: [String] = ["red circle", "blue square", "green disc shape", "dark"]) -> EncodedCaptions
  {
    text.encode(texts, session: Session())
  }

  static func denoiser(_ weights: Weights = teacher, session: Session = Session()) -> Denoiser {
    Denoiser(network: network, weights: weights, session: session)
  }

  /// Independent normal numbers for some images.
  static func noise(_ images: Int, seed: UInt64 = 5) -> [Float] {
    var stream = RandomStream(seed: seed, stream: 3)
    return (0..<images * size).map { _ in stream.normal() }
  }

  /// Numbers in [-1, 1] for some images.
  static func images(_ count: Int, seed: UInt64 = 6) -> [Float] {
    noise(count, seed: seed).map { min(max(0.5 * $0, -1), 1) }
  }
}

extension Weights {
  var numbers: [Float] { Array(values) }
}

/// The largest distance of two arrays of the same length; infinite if the lengths differ or a number is not finite.
func distance(_ first: some Collection<Float>, _ second: some Collection<Float>) -> Float {
  guard first.count == second.count else { return .infinity }
  return zip(first, second).reduce(0) { largest, pair in
    let distance = abs(pair.0 - pair.1)
    return distance <= largest ? largest : distance.isFinite ? distance : .infinity
  }
}
