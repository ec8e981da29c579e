import NeuralNetwork

/// The image half of an encoder.
protocol ImageTower: Sendable {
  /// Returns feature maps from fine to coarse, each `[N, H, W, C]`, the last one the input of `embedding`.
  func features(_ images: Tensor, _ pass: Pass) -> [Tensor]
  /// Returns embeddings before normalisation, `[N, 1, 1, ImageTextEncoder.width]`.
  func embedding(_ features: Tensor, _ pass: Pass) -> Tensor
}

/// Five normalised 3 × 3 convolutions on folded pixels, two of them strided.
struct ConvolutionalTower: ImageTower {
  private static let stages: [(channels: Int, stride: Int)] = [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1)]
  private let convolutions: [Convolution]
  private let norms: [Norm]
  private let output: Linear

  init(resolution: Int, in layout: inout ParameterLayout) {
    var channels = 12
    var convolutions: [Convolution] = []
    var norms: [Norm] = []
    for (index, stage) in Self.stages.enumerated() {
      convolutions.append(
        Convolution("image.conv\(index)", channels, stage.channels, stride: stage.stride, in: &layout))
      norms.append(Norm("image.norm\(index)", stage.channels, in: &layout))
      channels = stage.channels
    }
    self.convolutions = convolutions
    self.norms = norms
    output = Linear("image.output", resolution * resolution / 64 * channels, ImageTextEncoder.width, in: &layout)
  }

  func features(_ images: Tensor, _ pass: Pass) -> [Tensor] {
    var maps = [pass.session.pixelUnshuffle(images, 2)]
    for (index, convolution) in convolutions.enumerated() {
      maps.append(norms[index].group(convolution(maps[index], pass), silu: true, pass))
    }
    return Array(maps.dropFirst())
  }

  func embedding(_ features: Tensor, _ pass: Pass) -> Tensor {
    let shape = features.shape
    return output(pass.session.reshape(features, .vectors(shape.batch, shape.count / shape.batch)), pass)
  }
}

/// A transformer over 4 × 4-pixel patches.
///
/// - Source: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021, with the mean of all patches in place of a class token.
struct PatchTower: ImageTower {
  private static let patch = 4
  private static let channels = 96
  private let input: Linear
  private let positions: Parameter
  private let blocks: [TransformerBlock]
  private let norm: Norm
  private let output: Linear

  init(resolution: Int, in layout: inout ParameterLayout) {
    let count = resolution * resolution / (Self.patch * Self.patch)
    input = Linear("image.input", 3 * Self.patch * Self.patch, Self.channels, in: &layout)
    positions = layout.add("image.positions", [count, Self.channels], .normal(standardDeviation: 0.02))
    blocks = (0..<3).map {
      TransformerBlock(prefix: "image.block\($0).", Self.channels, heads: 3, in: &layout)
    }
    norm = Norm("image.norm", Self.channels, in: &layout)
    output = Linear("image.output", Self.channels, ImageTextEncoder.width, in: &layout)
  }

  func features(_ images: Tensor, _ pass: Pass) -> [Tensor] {
    let session = pass.session
    let patches = session.pixelUnshuffle(images, Self.patch)
    let shape = Shape.tokens(patches.shape.batch, patches.shape.pixels, Self.channels)
    let mask = Self.allTokens(shape, session)
    var maps = [pass.addPositions(session.reshape(input(patches, pass), shape), table: positions)]
    for (index, block) in blocks.enumerated() { maps.append(block(maps[index], mask: mask, pass)) }
    return Array(maps.dropFirst())
  }

  func embedding(_ features: Tensor, _ pass: Pass) -> Tensor {
    let mean = pass.session.maskedMeanTokens(norm.layer(features, pass), Self.allTokens(features.shape, pass.session))
    return output(mean, pass)
  }

  private static func allTokens(_ shape: Shape, _ session: Session) -> Tensor {
    session.constant(
      .vectors(shape.batch, shape.pixels), copying: [Float](repeating: 1, count: shape.batch * shape.pixels))
  }
}
