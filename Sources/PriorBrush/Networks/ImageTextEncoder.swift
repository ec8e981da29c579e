public import NeuralNetwork

/// A convolutional image encoder and a bag-of-words text encoder into one space, trained by contrast; used to measure, never in a
/// loss of the generators.
public struct ImageTextEncoder: Sendable {
  /// The encoder's parameters.
  public let layout: ParameterLayout
  /// Channels of an embedding.
  public static let width = 128
  private let convolutions: [Convolution]
  private let norms: [Norm]
  private let image: Linear
  private let words: Parameter
  private let text: Linear
  private static let stages: [(channels: Int, stride: Int)] = [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1)]

  /// Creates the encoder's layers.
  ///
  /// - Parameters:
  ///   - vocabulary: Number of words, the padding and the start word included.
  ///   - resolution: Side of the images in pixels, a multiple of 8.
  public init(vocabulary: Int, resolution: Int) {
    var layout = ParameterLayout()
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
    image = Linear("image.output", resolution * resolution / 64 * channels, Self.width, in: &layout)
    words = layout.add("text.words", [vocabulary, Self.width], .normal(standardDeviation: 0.1))
    text = Linear("text.output", Self.width, Self.width, in: &layout)
    self.layout = layout
  }

  /// Embeds images.
  ///
  /// - Parameters:
  ///   - images: Images in [-1, 1], `[N, R, R, 3]`.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: Embeddings before normalisation, `[N, 1, 1, 128]`.
  public func embed(images: Tensor, _ pass: Pass) -> Tensor {
    var x = pass.session.pixelUnshuffle(images, 2)
    for (convolution, norm) in zip(convolutions, norms) {
      x = norm.group(convolution(x, pass), silu: true, pass)
    }
    return image(pass.session.reshape(x, .vectors(x.shape.batch, x.shape.count / x.shape.batch)), pass)
  }

  /// Embeds captions.
  ///
  /// - Parameters:
  ///   - captions: Word numbers of each caption, the start word first.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: Embeddings before normalisation, `[N, 1, 1, 128]`.
  public func embed(captions: [[Int32]], _ pass: Pass) -> Tensor {
    let length = captions.map(\.count).max() ?? 1
    var ids = [Int32](repeating: 0, count: captions.count * length)
    var present = [Float](repeating: 0, count: captions.count * length)
    for (row, caption) in captions.enumerated() {
      for (column, id) in caption.enumerated() {
        ids[row * length + column] = id
        present[row * length + column] = 1
      }
    }
    let vectors = pass.embedding(ids: ids, table: words, shape: .tokens(captions.count, length, Self.width))
    let mask = pass.session.constant(.vectors(captions.count, length), copying: present)
    return text(pass.session.maskedMeanTokens(vectors, mask), pass)
  }
}
