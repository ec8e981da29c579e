import Foundation
public import NeuralNetwork

/// Predicts, for every pixel of a coarse image, how far it is from a good one: the content degradation map.
///
/// Three convolutions on folded pixels with a modulation by the caption. The output is the scale of a Laplace distribution of the
/// true absolute error, so that its training is a likelihood and its values are calibrated.
///
/// - Source: the paper's section 3.3 asks for a map that "tracks discrepancies between the coarse output and the target".
public struct DegradationEstimator: Sendable {
  /// The estimator's parameters.
  public let layout: ParameterLayout
  private static let width = 32
  private static let patch = 2
  private let first: Convolution
  private let modulation: Linear
  private let norm: Norm
  private let second: Convolution
  private let secondNorm: Norm
  private let output: Convolution

  /// Creates the estimator's layers.
  ///
  /// - Parameter textWidth: Channels of the pooled caption.
  public init(textWidth: Int) {
    var layout = ParameterLayout()
    let folded = 3 * Self.patch * Self.patch
    first = Convolution("first", folded, Self.width, in: &layout)
    modulation = Linear("modulation", textWidth, 2 * Self.width, in: &layout)
    norm = Norm("norm", Self.width, in: &layout)
    second = Convolution("second", Self.width, Self.width, in: &layout)
    secondNorm = Norm("norm2", Self.width, in: &layout)
    output = Convolution("output", Self.width, Self.patch * Self.patch, zero: true, in: &layout)
    self.layout = layout
  }

  /// Returns the logarithm of the expected absolute error, before any clamping.
  ///
  /// - Parameters:
  ///   - images: Images in [-1, 1], `[N, R, R, 3]`.
  ///   - text: Encoded captions.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: `[N, R, R, 1]`.
  public func logScale(_ images: Tensor, text: TextFeatures, _ pass: Pass) -> Tensor {
    let session = pass.session
    var x = first(session.pixelUnshuffle(images, Self.patch), pass)
    x = second(norm.group(x, modulation: modulation(text.pooled, pass), silu: true, pass), pass)
    x = output(secondNorm.group(x, silu: true, pass), pass)
    return session.pixelShuffle(x, Self.patch)
  }

  /// The range that the logarithm is clamped to.
  static let logRange: ClosedRange<Float> = -6...1

  /// Predicts degradation maps.
  ///
  /// - Parameters:
  ///   - images: `N · R · R · 3` values in [-1, 1].
  ///   - captions: `N` encoded captions.
  ///   - side: `R`.
  ///   - weights: Weights of this layout.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `N · R · R` expected absolute errors on the scale of the images, positive.
  public func maps(
    _ images: [Float], captions: EncodedCaptions, side: Int, weights: Weights, session: Session
  ) -> [Float] {
    session.reset(recording: false)
    let input = session.constant(Shape(captions.count, side, side, 3), copying: images)
    let scale = logScale(
      input, text: captions.features(in: session), Pass(session: session, weights: weights, gradients: nil))
    return scale.buffer.map { exp(min(max($0, Self.logRange.lowerBound), Self.logRange.upperBound)) }
  }
}
