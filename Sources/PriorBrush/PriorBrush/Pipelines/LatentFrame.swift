import NeuralNetwork

/// Coordinates of latents along orthogonal directions of pixel space, with mean 0 and the size of the pixels of an image of half the side.
///
/// Noise then hides in a latent what it hides in such an image: first the detail that hardly shows. Latents brought to deviation 1, in all
/// or in each channel, would meet too little noise for the times at which the networks are trained.
struct LatentFrame: Sendable {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("mean", [channels], .zeros)
    _ = layout.add("axes", [channels, channels], .zeros)
    return layout
  }()

  private static let channels = Autoencoder.channels
  private var mean = [Float](repeating: 0, count: channels)
  /// The lower triangular factor L of the analysis L Q, in rows, for coordinates of the frame's size.
  private var axes = [Float](repeating: 0, count: channels * channels)

  /// Measures latents.
  ///
  /// - Parameters:
  ///   - analysis: The encoder's matrix, a row for each channel.
  ///   - latents: Values of all channels, pixel after pixel.
  /// - Throws: `PriorBrushError` with code `.diverged` if the matrix is degenerate or the numbers are not finite.
  init(analysis: [Float], latents: [Float]) throws {
    // The mean of 2 × 2 pixels is half of their coordinate along a unit vector.
    axes = Self.triangularFactor(analysis).map { 2 * $0 }
    let count = Double(latents.count / Self.channels)
    var sums = [Double](repeating: 0, count: Self.channels)
    for (index, value) in latents.enumerated() { sums[index % Self.channels] += Double(value) }
    mean = sums.map { Float($0 / count) }
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
      for channel in 0..<channels {
        let known = (0..<channel).reduce(mean[channel]) { $0 + axes[channel * channels + $1] * pixel[$1] }
        pixel[channel] = (pixel[channel] - known) / axes[channel * (channels + 1)]
      }
    }
  }

  /// The inverse of `enter`.
  func leave(_ latents: UnsafeMutablePointer<Float>, pixels: Int) {
    let channels = Self.channels
    for row in 0..<pixels {
      let pixel = latents + row * channels
      for channel in (0..<channels).reversed() {
        pixel[channel] = (0...channel).reduce(mean[channel]) { $0 + axes[channel * channels + $1] * pixel[$1] }
      }
    }
  }

  /// L of an LQ decomposition by the modified Gram-Schmidt process.
  private static func triangularFactor(_ matrix: [Float]) -> [Float] {
    let width = matrix.count / channels
    var rows = (0..<channels).map { row in matrix[row * width..<(row + 1) * width].map(Double.init) }
    var factor = [Float](repeating: 0, count: channels * channels)
    for row in 0..<channels {
      let norm = rows[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
      factor[row * (channels + 1)] = Float(norm)
      let axis = rows[row].map { $0 / norm }
      for later in row + 1..<channels {
        let product = zip(axis, rows[later]).reduce(0) { $0 + $1.0 * $1.1 }
        factor[later * channels + row] = Float(product)
        rows[later] = zip(rows[later], axis).map { $0 - product * $1 }
      }
    }
    return factor
  }
}
