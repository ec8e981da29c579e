import NeuralNetwork

/// Means and standard deviations of the channels of latents.
struct ChannelStatistics: Sendable {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    for name in ["mean", "deviation"] { _ = layout.add(name, [Autoencoder.channels], .zeros) }
    return layout
  }()

  private var sums = [Double](repeating: 0, count: Autoencoder.channels)
  private var squares = [Double](repeating: 0, count: Autoencoder.channels)
  private var count = 0
  private var mean = [Float](repeating: 0, count: Autoencoder.channels)
  private var deviation = [Float](repeating: 0, count: Autoencoder.channels)

  /// Creates statistics of no latents, to be added to.
  init() {}

  /// Takes statistics from a file.
  init(_ weights: Weights) {
    let values = Self.layout.parameters.map { Array(weights[$0]) }
    (mean, deviation) = (values[0], values[1])
  }

  /// The numbers for a file.
  var weights: Weights {
    let weights = Weights(zeros: Self.layout)
    for (parameter, values) in zip(Self.layout.parameters, [mean, deviation]) {
      let target = weights[parameter]
      for index in target.indices { target[index] = values[index] }
    }
    return weights
  }

  /// Whether latents can be divided by the deviations.
  var areUsable: Bool { mean.allSatisfy(\.isFinite) && deviation.allSatisfy { $0.isFinite && $0 > 0 } }

  /// Counts the values of latents `[N, H, W, C]`.
  mutating func add(_ latents: Tensor) {
    for (index, value) in latents.buffer.enumerated() {
      sums[index % Autoencoder.channels] += Double(value)
      squares[index % Autoencoder.channels] += Double(value) * Double(value)
    }
    count += latents.shape.rows
  }

  /// Computes means and deviations of what was added.
  mutating func finish() throws {
    for channel in 0..<Autoencoder.channels {
      let average = sums[channel] / Double(count)
      mean[channel] = Float(average)
      deviation[channel] = Float(max(0, squares[channel] / Double(count) - average * average).squareRoot())
    }
    guard areUsable else {
      throw PriorBrushError(
        .diverged, "a channel of the latents is constant or not finite; train the autoencoder longer")
    }
  }

  /// Brings every channel to mean 0 and deviation 1, in place.
  func standardise(_ latents: Tensor) {
    each(latents) { value, mean, deviation in (value - mean) / deviation }
  }

  /// The inverse of `standardise`.
  func restore(_ latents: Tensor) {
    each(latents) { value, mean, deviation in value * deviation + mean }
  }

  private func each(_ latents: Tensor, _ change: (Float, Float, Float) -> Float) {
    for row in 0..<latents.shape.rows {
      let pixel = latents.data + row * Autoencoder.channels
      for channel in 0..<Autoencoder.channels {
        pixel[channel] = change(pixel[channel], mean[channel], deviation[channel])
      }
    }
  }
}
