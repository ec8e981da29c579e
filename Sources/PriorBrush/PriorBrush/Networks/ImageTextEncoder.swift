public import NeuralNetwork

/// An image encoder and a bag-of-words text encoder into one space, trained by contrast.
public struct ImageTextEncoder: Sendable {
  /// The image half.
  public enum Architecture: String, Sendable, CaseIterable {
    /// Strided convolutions.
    case convolutional
    /// A transformer over 4 × 4-pixel patches.
    case patches
  }

  /// The encoder's parameters.
  public let layout: ParameterLayout
  /// Channels of an embedding.
  public static let width = 128
  private let tower: any ImageTower
  private let words: Parameter
  private let text: Linear

  /// Creates the encoder's layers.
  ///
  /// - Parameters:
  ///   - architecture: The image half.
  ///   - vocabulary: Number of words, the padding and the start word included.
  ///   - resolution: Side of the images in pixels, a multiple of 8.
  public init(_ architecture: Architecture = .convolutional, vocabulary: Int, resolution: Int) {
    var layout = ParameterLayout()
    switch architecture {
    case .convolutional: tower = ConvolutionalTower(resolution: resolution, in: &layout)
    case .patches: tower = PatchTower(resolution: resolution, in: &layout)
    }
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
    let maps = features(of: images, pass)
    return tower.embedding(maps[maps.count - 1], pass)
  }

  /// Returns the feature maps that the embedding is made from.
  ///
  /// - Parameters:
  ///   - images: Images in [-1, 1], `[N, R, R, 3]`.
  ///   - pass: The forward pass over weights of this layout.
  /// - Returns: At least one map `[N, H, W, C]`, from fine to coarse.
  public func features(of images: Tensor, _ pass: Pass) -> [Tensor] { tower.features(images, pass) }

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
