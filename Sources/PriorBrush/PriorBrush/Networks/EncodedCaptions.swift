public import NeuralNetwork

/// The encoded words of some captions, kept outside any forward pass so that every network and step can share them.
public struct EncodedCaptions: Sendable {
  /// Number of captions.
  public let count: Int
  private let length: Int
  private let width: Int
  private let tokens: [Float]
  private let pooled: [Float]
  private let mask: [Float]

  /// Encodes captions with trained weights.
  ///
  /// - Parameters:
  ///   - captions: Word numbers of each caption, the start word first.
  ///   - encoder: The text encoder.
  ///   - weights: Weights of the encoder's layout.
  ///   - session: The calling thread's session; it is reset.
  public init(_ captions: [[Int32]], encoder: TextEncoder, weights: Weights, session: Session) {
    session.reset(recording: false)
    let features = encoder(captions, Pass(session: session, weights: weights, gradients: nil))
    count = captions.count
    length = features.tokens.shape.width
    width = features.tokens.shape.channels
    tokens = Array(features.tokens.buffer)
    pooled = Array(features.pooled.buffer)
    mask = Array(features.mask.buffer)
  }

  private init(count: Int, length: Int, width: Int, tokens: [Float], pooled: [Float], mask: [Float]) {
    self.count = count
    self.length = length
    self.width = width
    self.tokens = tokens
    self.pooled = pooled
    self.mask = mask
  }

  /// Returns some of the captions, in the given order; a caption may occur more than once.
  ///
  /// - Parameter rows: Positions, each below `count`.
  /// - Returns: The captions at those positions.
  public func rows(_ rows: some Sequence<Int>) -> EncodedCaptions {
    let rows = Array(rows)
    return EncodedCaptions(
      count: rows.count, length: length, width: width,
      tokens: rows.flatMap { tokens[$0 * length * width..<($0 + 1) * length * width] },
      pooled: rows.flatMap { pooled[$0 * width..<($0 + 1) * width] },
      mask: rows.flatMap { mask[$0 * length..<($0 + 1) * length] })
  }

  /// Returns these captions followed by other ones of the same encoder.
  ///
  /// - Parameter other: Captions to append.
  /// - Returns: Both.
  public func followed(by other: EncodedCaptions) -> EncodedCaptions {
    EncodedCaptions(
      count: count + other.count, length: length, width: width, tokens: tokens + other.tokens,
      pooled: pooled + other.pooled, mask: mask + other.mask)
  }

  /// Returns one caption many times.
  ///
  /// - Parameters:
  ///   - row: The caption's position.
  ///   - times: How often.
  /// - Returns: `times` equal captions.
  public func repeating(_ row: Int, times: Int) -> EncodedCaptions {
    rows(repeatElement(row, count: times))
  }

  /// Brings the features into a forward pass as constants.
  ///
  /// - Parameter session: The session of the pass.
  /// - Returns: The features of all captions.
  public func features(in session: Session) -> TextFeatures {
    TextFeatures(
      tokens: session.constant(.tokens(count, length, width), copying: tokens),
      pooled: session.constant(.vectors(count, width), copying: pooled),
      mask: session.constant(.vectors(count, length), copying: mask))
  }
}
