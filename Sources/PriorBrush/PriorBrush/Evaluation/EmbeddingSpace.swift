public import NeuralNetwork

/// A trained image-text encoder, used to compare images with captions and sets of images with each other.
public struct EmbeddingSpace {
  let encoder: ImageTextEncoder
  private let weights: Weights
  private let vocabulary: Vocabulary
  private let side: Int
  /// Side of the images in pixels.
  public var resolution: Int { side }

  /// Reads an encoder.
  ///
  /// - Parameters:
  ///   - path: The file that the encoder's training wrote.
  ///   - vocabulary: The words it was trained with.
  /// - Throws: `NeuralNetworkError` or `PriorBrushError` if the file is broken or of another kind.
  public init(contentsOf path: String, vocabulary: Vocabulary) throws {
    let file = try ModelFile(path, kind: .encoder)
    let configuration = try file.configuration()
    guard configuration.vocabulary == vocabulary.count else {
      throw PriorBrushError(
        .invalidModel, "\(path) was trained with \(configuration.vocabulary) words, not \(vocabulary.count)")
    }
    let name = file.text("architecture") ?? ImageTextEncoder.Architecture.convolutional.rawValue
    guard let architecture = ImageTextEncoder.Architecture(rawValue: name) else {
      throw PriorBrushError(.invalidModel, "\(path) has the unknown architecture '\(name)'; train it with this version")
    }
    encoder = ImageTextEncoder(architecture, vocabulary: vocabulary.count, resolution: configuration.resolution)
    weights = try file.weights(encoder.layout, prefix: "encoder.")
    self.vocabulary = vocabulary
    side = configuration.resolution
  }

  /// Embeds images.
  ///
  /// - Parameters:
  ///   - images: `N · R · R · 3` values in [-1, 1].
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `N` unit vectors of `width` values.
  public func embed(images: [Float], session: Session) -> [Float] {
    let size = side * side * 3
    var embeddings: [Float] = []
    for start in stride(from: 0, to: images.count, by: 64 * size) {
      let chunk = Array(images[start..<min(start + 64 * size, images.count)])
      let embedded = forward(chunk, session: session) { encoder.embed(images: $0, $1) }
      embeddings += UnitRows(Array(embedded.buffer), width: Self.width).values
    }
    return embeddings
  }

  /// Runs the encoder without recording a graph; what it returns lives until the session is reset.
  func forward<Output>(_ images: [Float], session: Session, _ body: (Tensor, Pass) -> Output) -> Output {
    session.reset(recording: false)
    let input = session.constant(Shape(images.count / (side * side * 3), side, side, 3), copying: images)
    return body(input, Pass(session: session, weights: weights, gradients: nil))
  }

  /// Embeds captions.
  ///
  /// - Parameters:
  ///   - captions: Any texts.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: One unit vector of `width` values a caption.
  public func embed(captions: [String], session: Session) -> [Float] {
    session.reset(recording: false)
    let numbers = captions.map { vocabulary.tokenize($0).ids }
    let embedded = encoder.embed(captions: numbers, Pass(session: session, weights: weights, gradients: nil))
    return UnitRows(Array(embedded.buffer), width: Self.width).values
  }

  /// Values of an embedding.
  public static let width = ImageTextEncoder.width
}
