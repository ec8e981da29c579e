import NeuralNetwork

/// Attention of tokens to each other and a two-layer network on each, both normalised before and added to their input.
///
/// - Source: Vaswani et al., "Attention Is All You Need", 2017, with the normalisation in front.
struct TransformerBlock: Sendable {
  private let attentionNorm: Norm
  private let query: Linear
  private let keyValue: Linear
  private let output: Linear
  private let feedForwardNorm: Norm
  private let expand: Linear
  private let contract: Linear
  private let heads: Int

  init(prefix: String = "", _ width: Int, heads: Int, in layout: inout ParameterLayout) {
    attentionNorm = Norm("\(prefix)attention.norm", width, in: &layout)
    query = Linear("\(prefix)attention.query", width, width, bias: false, in: &layout)
    keyValue = Linear("\(prefix)attention.keyValue", width, 2 * width, bias: false, in: &layout)
    output = Linear("\(prefix)attention.output", width, width, in: &layout)
    feedForwardNorm = Norm("\(prefix)mlp.norm", width, in: &layout)
    expand = Linear("\(prefix)mlp.expand", width, 2 * width, in: &layout)
    contract = Linear("\(prefix)mlp.contract", 2 * width, width, in: &layout)
    self.heads = heads
  }

  /// Transforms tokens.
  ///
  /// - Parameters:
  ///   - x: Tokens `[N, 1, T, C]`.
  ///   - mask: 1 for every token to attend to, `[N, 1, 1, T]`.
  ///   - pass: The forward pass.
  /// - Returns: Tokens of the same shape.
  func callAsFunction(_ x: Tensor, mask: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    let width = x.shape.channels
    let normed = attentionNorm.layer(x, pass)
    let pairs = keyValue(normed, pass)
    let attended = session.attention(
      query: query(normed, pass), key: session.sliceChannels(pairs, 0..<width),
      value: session.sliceChannels(pairs, width..<2 * width), headDimension: width / heads, keyMask: mask)
    let mixed = session.add(x, output(attended, pass))
    return session.add(mixed, contract(session.gelu(expand(feedForwardNorm.layer(mixed, pass), pass)), pass))
  }
}
