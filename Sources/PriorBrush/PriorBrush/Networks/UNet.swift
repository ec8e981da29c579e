import Foundation
public import NeuralNetwork

/// The denoising network: a three-level U-Net on folded pixels, conditioned on time and caption.
///
/// Levels at 1, 1/2 and 1/4 of the folded side; attention to pixels and words on the lower two. The last convolution starts at
/// zero, so an untrained network predicts zero.
public struct UNet: Sendable {
  /// The network's parameters.
  public let layout: ParameterLayout
  /// The sizes it was made with.
  public let configuration: NetworkConfiguration
  private let timeExpand: Linear
  private let timeContract: Linear
  private let caption: Linear
  private let input: Convolution
  private let down: [Convolution]
  private let top: [ResidualBlock]
  private let middle: [ResidualBlock]
  private let bottom: [ResidualBlock]
  private let middleAttention: [AttentionBlock]
  private let bottomAttention: [AttentionBlock]
  private let narrow: [Convolution]
  private let outputNorm: Norm
  private let output: Convolution
  private static let frequencies = 32

  /// Creates the network's layers.
  ///
  /// - Parameter configuration: Sizes.
  public init(_ configuration: NetworkConfiguration) {
    self.configuration = configuration
    let widths = configuration.widths
    let embedding = configuration.embedding
    let text = configuration.textWidth
    let folded = 3 * configuration.patch * configuration.patch
    var layout = ParameterLayout()
    timeExpand = Linear("time.expand", 2 * Self.frequencies, embedding, in: &layout)
    timeContract = Linear("time.contract", embedding, embedding, in: &layout)
    caption = Linear("caption", text, embedding, in: &layout)
    input = Convolution("input", folded * (1 + configuration.extraImages), widths[0], in: &layout)
    top = ["down0", "up0"].map { ResidualBlock($0, widths[0], embedding: embedding, in: &layout) }
    middle = ["down1", "up1"].map { ResidualBlock($0, widths[1], embedding: embedding, in: &layout) }
    bottom = ["down2.0", "down2.1", "up2"].map { ResidualBlock($0, widths[2], embedding: embedding, in: &layout) }
    middleAttention = ["down1", "up1"].map {
      AttentionBlock("\($0).attention", widths[1], textWidth: text, in: &layout)
    }
    bottomAttention = ["down2.1", "up2"].map {
      AttentionBlock("\($0).attention", widths[2], textWidth: text, in: &layout)
    }
    down = (0..<2).map { Convolution("shrink\($0)", widths[$0], widths[$0 + 1], stride: 2, in: &layout) }
    narrow = (0..<2).map { Convolution("narrow\($0)", widths[$0 + 1], widths[$0], side: 1, in: &layout) }
    outputNorm = Norm("output.norm", widths[0], in: &layout)
    output = Convolution("output", widths[0], folded, zero: true, in: &layout)
    self.layout = layout
  }

  /// Predicts one value for each pixel and channel: the velocity `v = alpha e - sigma x_0` in diffusion use.
  ///
  /// - Parameters:
  ///   - images: Noisy images, and the conditioning images behind them in the channels, `[N, R, R, 3 · (1 + extraImages)]`.
  ///   - times: Diffusion time of each image, in [0, 1].
  ///   - text: Encoded captions of the batch.
  ///   - pass: The forward pass over weights of this network's layout.
  /// - Returns: The prediction `[N, R, R, 3]`.
  public func callAsFunction(_ images: Tensor, times: [Float], text: TextFeatures, _ pass: Pass) -> Tensor {
    let session = pass.session
    let embedding = session.silu(
      session.add(
        timeContract(session.silu(timeExpand(timeFeatures(times, session), pass)), pass), caption(text.pooled, pass)))
    let side = configuration.side
    let middleMask = keyMask(text.mask, pixels: side * side / 4, session)
    let bottomMask = keyMask(text.mask, pixels: side * side / 16, session)
    func middleStage(_ x: Tensor, _ index: Int) -> Tensor {
      let blocked = middle[index](x, embedding: embedding, pass)
      return middleAttention[index](blocked, words: text.tokens, keyMask: middleMask, pass)
    }
    func bottomAttend(_ x: Tensor, _ index: Int) -> Tensor {
      bottomAttention[index](x, words: text.tokens, keyMask: bottomMask, pass)
    }

    var x = input(session.pixelUnshuffle(images, configuration.patch), pass)
    x = top[0](x, embedding: embedding, pass)
    let fullSkip = x
    x = middleStage(down[0](x, pass), 0)
    let halfSkip = x
    x = bottom[0](down[1](x, pass), embedding: embedding, pass)
    x = bottomAttend(bottom[1](x, embedding: embedding, pass), 0)
    x = bottomAttend(bottom[2](x, embedding: embedding, pass), 1)
    x = session.add(session.upsampleNearest2x(narrow[1](x, pass)), halfSkip)
    x = middleStage(x, 1)
    x = session.add(session.upsampleNearest2x(narrow[0](x, pass)), fullSkip)
    x = top[1](x, embedding: embedding, pass)
    x = output(outputNorm.group(x, silu: true, pass), pass)
    return session.pixelShuffle(x, configuration.patch)
  }

  private func timeFeatures(_ times: [Float], _ session: Session) -> Tensor {
    let features = session.tensor(.vectors(times.count, 2 * Self.frequencies))
    for (row, time) in times.enumerated() {
      for index in 0..<Self.frequencies {
        let phase = time * 1000 * exp(-log(Float(10_000)) * Float(index) / Float(Self.frequencies))
        features.data[row * 2 * Self.frequencies + index] = sin(phase)
        features.data[row * 2 * Self.frequencies + Self.frequencies + index] = cos(phase)
      }
    }
    return features
  }

  private func keyMask(_ words: Tensor, pixels: Int, _ session: Session) -> Tensor {
    let length = words.shape.channels
    let mask = session.tensor(.vectors(words.shape.batch, pixels + length))
    for row in 0..<words.shape.batch {
      let start = mask.data + row * (pixels + length)
      start.update(repeating: 1, count: pixels)
      (start + pixels).update(from: words.data + row * length, count: length)
    }
    return mask
  }
}
