import COneDNN
import NeuralNetwork

/// The residual attention blocks that both towers of CLIP consist of.
struct TransformerTower: Sendable {
  private struct Block: Sendable {
    var firstNorm: Normalization
    var attention: Linear
    var output: Linear
    var secondNorm: Normalization
    var widen: Linear
    var narrow: Linear
  }

  private struct Linear: Sendable {
    var weight: Parameter
    var bias: Parameter

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { pass.linear(x, weight: weight, bias: bias) }
  }

  /// Channels of one head in every published model of this family.
  static let head = 64

  private let blocks: [Block]
  private let width: Int
  private let isCausal: Bool

  init(
    _ names: ContrastiveNames.Tower, layers: Int, width: Int, isCausal: Bool, _ builder: inout NetworkBuilder
  ) throws {
    self.width = width
    self.isCausal = isCausal
    var blocks: [Block] = []
    for index in 0..<layers {
      let layer = names.layer(index)
      func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
        Linear(
          weight: try builder.tensor("\(name).weight", [outputs, inputs]),
          bias: try builder.tensor("\(name).bias", [outputs]))
      }
      blocks.append(
        Block(
          firstNorm: try Normalization(layer.firstNorm, width, &builder),
          attention: Linear(
            weight: try builder.stacked(layer.attentionWeights, [3 * width / layer.attentionWeights.count, width]),
            bias: try builder.stacked(layer.attentionBiases, [3 * width / layer.attentionBiases.count])),
          output: try linear(layer.output, width, width),
          secondNorm: try Normalization(layer.secondNorm, width, &builder),
          widen: try linear(layer.widen, width, 4 * width), narrow: try linear(layer.narrow, 4 * width, width)))
    }
    self.blocks = blocks
  }

  /// Returns the tokens behind the last block, `[N, 1, T, C]`.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    var x = x
    for block in blocks {
      x = session.scoped(x.shape) {
        let joined = block.attention(block.firstNorm(x, pass), pass)
        let (query, key, value) = (
          session.sliceChannels(joined, 0..<width), session.sliceChannels(joined, width..<2 * width),
          session.sliceChannels(joined, 2 * width..<3 * width)
        )
        let attended =
          isCausal
          ? TransformerTower.causalAttention(query, key, value, session)
          : session.attention(query: query, key: key, value: value, headDimension: TransformerTower.head)
        let middle = session.add(x, block.output(attended, pass))
        // The sigmoid form of the Gaussian error linear unit, x · sigmoid(1.702 x).
        let wide = session.scale(block.widen(block.secondNorm(middle, pass), pass), by: 1.702)
        let active = session.scale(session.silu(wide), by: 1 / 1.702)
        return session.add(middle, block.narrow(active, pass))
      }
    }
    return x
  }

  /// Attention in which a token sees itself and those before it.
  private static func causalAttention(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ session: Session) -> Tensor {
    let s = query.shape
    let (tokens, width) = (s.pixels, s.channels)
    let result = session.tensor(s)
    let scores = session.tensor(.vectors(tokens, tokens))
    let scale = 1 / Float(head).squareRoot()
    for sample in 0..<s.batch {
      for start in stride(from: 0, to: width, by: head) {
        let place = sample * tokens * width + start
        nn_matrix_product(
          78, 84, Int64(tokens), Int64(tokens), Int64(head), scale, query.data + place, Int64(width),
          key.data + place, Int64(width), 0, scores.data, Int64(tokens))
        for token in 0..<tokens { causalSoftmax(scores.data + token * tokens, seen: token + 1, of: tokens) }
        nn_matrix_product(
          78, 78, Int64(tokens), Int64(head), Int64(tokens), 1, scores.data, Int64(tokens), value.data + place,
          Int64(width), 0, result.data + place, Int64(width))
      }
    }
    return result
  }

  private static func causalSoftmax(_ row: UnsafeMutablePointer<Float>, seen: Int, of count: Int) {
    var largest = row[0]
    for index in 1..<max(seen, 1) { largest = max(largest, row[index]) }
    for index in 0..<seen { row[index] -= largest }
    nn_exponential(row, row, Int64(seen))
    var sum: Float = 0
    for index in 0..<seen { sum += row[index] }
    for index in 0..<seen { row[index] /= sum }
    for index in seen..<count { row[index] = 0 }
  }
}

/// A layer normalisation and its parameters.
struct Normalization: Sendable {
  private let scale: Parameter
  private let shift: Parameter

  init(_ name: String, _ width: Int, _ builder: inout NetworkBuilder) throws {
    scale = try builder.tensor("\(name).weight", [width])
    shift = try builder.tensor("\(name).bias", [width])
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { pass.layerNorm(x, scale: scale, shift: shift) }
}
