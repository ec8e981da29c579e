public import NeuralNetwork

/// The words of a batch of captions, and what the encoder made of them.
public struct TextFeatures {
  /// One vector a word, `[N, 1, T, C]`.
  public var tokens: Tensor
  /// The mean over the words that are not padding, `[N, 1, 1, C]`.
  public var pooled: Tensor
  /// 1 for a word and 0 for padding, `[N, 1, 1, T]`.
  public var mask: Tensor
}

/// A one-layer transformer from word numbers to word vectors and their mean.
public struct TextEncoder: Sendable {
  /// The encoder's parameters.
  public let layout: ParameterLayout
  private let configuration: NetworkConfiguration
  private let words: Parameter
  private let positions: Parameter
  private let block: TransformerBlock
  private let finalNorm: Norm

  /// Creates the encoder's layers.
  ///
  /// - Parameter configuration: Vocabulary, caption length and width.
  public init(_ configuration: NetworkConfiguration) {
    self.configuration = configuration
    let width = configuration.textWidth
    var layout = ParameterLayout()
    words = layout.add("words", [configuration.vocabulary, width], .normal(standardDeviation: 0.5))
    positions = layout.add("positions", [configuration.captionLength, width], .normal(standardDeviation: 0.02))
    block = TransformerBlock(width, heads: 4, in: &layout)
    finalNorm = Norm("norm", width, in: &layout)
    self.layout = layout
  }

  /// Encodes a batch of captions.
  ///
  /// - Parameters:
  ///   - captions: Word numbers of each caption, the start word first, at most `captionLength` of them; word 0 is padding.
  ///   - pass: The forward pass over weights of this encoder's layout.
  /// - Returns: Word vectors, their mean and the mask.
  public func callAsFunction(_ captions: [[Int32]], _ pass: Pass) -> TextFeatures {
    let length = configuration.captionLength
    let width = configuration.textWidth
    var ids = [Int32](repeating: 0, count: captions.count * length)
    var present = [Float](repeating: 0, count: captions.count * length)
    for (row, caption) in captions.enumerated() {
      for (column, id) in caption.prefix(length).enumerated() {
        ids[row * length + column] = id
        present[row * length + column] = 1
      }
    }
    let session = pass.session
    let mask = session.constant(Shape.vectors(captions.count, length), copying: present)
    var x = pass.embedding(ids: ids, table: words, shape: .tokens(captions.count, length, width))
    x = pass.addPositions(x, table: positions)
    x = block(x, mask: mask, pass)
    x = finalNorm.layer(x, pass)
    return TextFeatures(tokens: x, pooled: session.maskedMeanTokens(x, mask), mask: mask)
  }
}
