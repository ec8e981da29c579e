public import NeuralNetwork

/// A convolutional autoencoder: images to 12 channels at a quarter of their side, and back.
///
/// The encoder is a linear map of 4 × 4-pixel blocks, so that latents are as smooth as images are and as easy to denoise. The decoder is a
/// linear map and a network, added, which restores from their surroundings what the blocks have lost. Before training the network adds
/// nothing, so that a training begins by finding the principal components of the blocks, the best that a linear map can do.
/// Nothing runs at full resolution: pixels are folded into channels first and unfolded last.
public struct Autoencoder: Sendable {
  /// The parameters of both halves.
  public let layout: ParameterLayout
  /// Channels of a latent.
  static let channels = 12
  /// The side of an image over the side of its latent.
  static let reduction = 4

  private let analysis: Linear
  private let synthesis: Linear
  private let decoderInput: Convolution
  private let decoderBlock: AutoencoderBlock
  private let narrow: Convolution
  private let fineBlock: AutoencoderBlock
  private let decoderOutput: Convolution

  /// Creates the layers: in the decoder's network 64 channels, and 32 at half the image's side.
  public init() {
    let folded = 3 * Self.reduction * Self.reduction
    var layout = ParameterLayout()
    analysis = Linear("analysis", folded, Self.channels, in: &layout)
    synthesis = Linear("synthesis", Self.channels, folded, in: &layout)
    decoderInput = Convolution("decoder.input", Self.channels, 64, in: &layout)
    decoderBlock = AutoencoderBlock("decoder.block", 64, in: &layout)
    narrow = Convolution("decoder.narrow", 64, 32, side: 1, in: &layout)
    fineBlock = AutoencoderBlock("decoder.fine", 32, in: &layout)
    decoderOutput = Convolution("decoder.output", 32, folded / 4, zero: true, in: &layout)
    self.layout = layout
  }

  /// Returns the encoder's matrix without the bias: for each channel of a latent a row of one number for each value of a block.
  func analysis(_ weights: Weights) -> [Float] { analysis.matrix(weights) }

  /// Returns the latents of images.
  ///
  /// - Parameters:
  ///   - images: Images in [-1, 1], `[N, S, S, 3]`, with S a multiple of 4.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: `[N, S/4, S/4, 12]`, of no particular scale.
  public func encode(_ images: Tensor, _ pass: Pass) -> Tensor {
    analysis(pass.session.pixelUnshuffle(images, Self.reduction), pass)
  }

  /// Returns the images of latents.
  ///
  /// - Parameters:
  ///   - latents: As `encode` gives them, `[N, S/4, S/4, 12]`.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: `[N, S, S, 3]`, not limited to [-1, 1].
  public func decode(_ latents: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    let x = decoderBlock(decoderInput(latents, pass), pass)
    let fine = fineBlock(session.upsampleNearest2x(narrow(x, pass)), pass)
    return session.add(
      session.pixelShuffle(synthesis(latents, pass), Self.reduction),
      session.pixelShuffle(decoderOutput(fine, pass), 2))
  }
}

/// Two normalised 3 × 3 convolutions added to their input; the identity before training.
private struct AutoencoderBlock: Sendable {
  private let firstNorm: Norm
  private let first: Convolution
  private let secondNorm: Norm
  private let second: Convolution

  init(_ name: String, _ channels: Int, in layout: inout ParameterLayout) {
    firstNorm = Norm("\(name).norm1", channels, in: &layout)
    first = Convolution("\(name).conv1", channels, channels, in: &layout)
    secondNorm = Norm("\(name).norm2", channels, in: &layout)
    second = Convolution("\(name).conv2", channels, channels, zero: true, in: &layout)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let hidden = first(firstNorm.group(x, silu: true, pass), pass)
    return pass.session.add(x, second(secondNorm.group(hidden, silu: true, pass), pass))
  }
}
