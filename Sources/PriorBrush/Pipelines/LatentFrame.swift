import NeuralNetwork

/// Coordinates of latents in which distances are those that the decoder's linear part makes of them in pixels, with mean 0 and mean square 1.
///
/// Detail that hardly shows in the image is then small in a latent too, as it is in pixels, and noise hides it first. Channels brought to
/// equal deviations would ask a denoiser for all detail at once.
struct LatentFrame: Sendable {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("mean", [channels], .zeros)
    _ = layout.add("axes", [channels, channels], .zeros)
    return layout
  }()

  private static let channels = Autoencoder.channels
  private var mean = [Float](repeating: 0, count: channels)
  /// The upper triangular factor R of the synthesis Q R, in rows.
  private var axes = [Float](repeating: 0, count: channels * channels)

  /// Measures latents.
  ///
  /// - Parameters:
  ///   - synthesis: The decoder's linear map, in rows of as many values as a latent has channels.
  ///   - latents: Values of all channels, pixel after pixel.
  /// - Throws: `PriorBrushError` with code `.diverged` if the map is degenerate or the numbers are not finite.
  init(synthesis: [Float], latents: [Float]) throws {
    axes = Self.triangularFactor(synthesis)
    let count = latents.count / Self.channels
    var sums = [Double](repeating: 0, count: Self.channels)
    for (index, value) in latents.enumerated() { sums[index % Self.channels] += Double(value) }
    mean = sums.map { Float($0 / Double(count)) }
    var turned = latents
    turned.withUnsafeMutableBufferPointer { values in
      if let start = values.baseAddress { enter(start, pixels: count) }
    }
    let scale = (turned.reduce(0) { $0 + Double($1) * Double($1) } / Double(turned.count)).squareRoot()
    axes = axes.map { $0 / Float(scale) }
    guard isUsable else {
      throw PriorBrushError(.diverged, "the latents are constant or not finite; train the autoencoder longer")
    }
  }

  /// Takes a frame from a file.
  init(_ weights: Weights) {
    let values = Self.layout.parameters.map { Array(weights[$0]) }
    (mean, axes) = (values[0], values[1])
  }

  /// The numbers for a file.
  var weights: Weights {
    let weights = Weights(zeros: Self.layout)
    for (parameter, values) in zip(Self.layout.parameters, [mean, axes]) {
      let target = weights[parameter]
      for index in target.indices { target[index] = values[index] }
    }
    return weights
  }

  /// Whether latents can be brought to the frame and back.
  var isUsable: Bool {
    (mean + axes).allSatisfy(\.isFinite) && (0..<Self.channels).allSatisfy { axes[$0 * (Self.channels + 1)] > 0 }
  }

  /// Brings latents to the frame, in place.
  func enter(_ latents: UnsafeMutablePointer<Float>, pixels: Int) {
    let channels = Self.channels
    for row in 0..<pixels {
      let pixel = latents + row * channels
      for channel in 0..<channels { pixel[channel] -= mean[channel] }
      for channel in 0..<channels {
        pixel[channel] = (channel..<channels).reduce(0) { $0 + axes[channel * channels + $1] * pixel[$1] }
      }
    }
  }

  /// The inverse of `enter`.
  func leave(_ latents: UnsafeMutablePointer<Float>, pixels: Int) {
    let channels = Self.channels
    for row in 0..<pixels {
      let pixel = latents + row * channels
      for channel in (0..<channels).reversed() {
        let known = (channel + 1..<channels).reduce(Float(0)) { $0 + axes[channel * channels + $1] * pixel[$1] }
        pixel[channel] = (pixel[channel] - known) / axes[channel * (channels + 1)]
      }
      for channel in 0..<channels { pixel[channel] += mean[channel] }
    }
  }

  /// R of a QR decomposition by the modified Gram-Schmidt process.
  private static func triangularFactor(_ matrix: [Float]) -> [Float] {
    let rows = matrix.count / channels
    var columns = (0..<channels).map { column in (0..<rows).map { Double(matrix[$0 * channels + column]) } }
    var factor = [Float](repeating: 0, count: channels * channels)
    for column in 0..<channels {
      let norm = columns[column].reduce(0) { $0 + $1 * $1 }.squareRoot()
      factor[column * channels + column] = Float(norm)
      let axis = columns[column].map { $0 / norm }
      for later in column + 1..<channels {
        let product = zip(axis, columns[later]).reduce(0) { $0 + $1.0 * $1.1 }
        factor[column * channels + later] = Float(product)
        columns[later] = zip(columns[later], axis).map { $0 - product * $1 }
      }
    }
    return factor
  }
}
