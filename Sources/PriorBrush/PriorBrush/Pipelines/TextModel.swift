public import NeuralNetwork

/// A trained text encoder with the words it knows.
public struct TextModel: Sendable {
  /// The words.
  public let vocabulary: Vocabulary
  /// The network.
  public let encoder: TextEncoder
  /// Its weights.
  public let weights: Weights

  /// Creates a text model.
  ///
  /// - Parameters:
  ///   - vocabulary: The words.
  ///   - encoder: The network.
  ///   - weights: Its weights.
  public init(vocabulary: Vocabulary, encoder: TextEncoder, weights: Weights) {
    self.vocabulary = vocabulary
    self.encoder = encoder
    self.weights = weights
  }

  /// Encodes prompts.
  ///
  /// - Parameters:
  ///   - prompts: Any texts; words that are not in the vocabulary are passed over.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: One encoded caption a prompt.
  public func encode(_ prompts: [String], session: Session) -> EncodedCaptions {
    EncodedCaptions(prompts.map { vocabulary.tokenize($0).ids }, encoder: encoder, weights: weights, session: session)
  }

  /// Encodes the empty caption, for guidance.
  ///
  /// - Parameter session: The calling thread's session; it is reset.
  /// - Returns: One encoded caption.
  public func encodeNothing(session: Session) -> EncodedCaptions { encode([""], session: session) }
}
