import COneDNN

/// Trainable corrections of low rank for chosen parameters: W + (alpha / r) · B · A.
///
/// A parameter of shape `[O, …]` counts as a matrix of O rows. A starts as PyTorch starts a linear map and B at zero,
/// so a new adapter changes nothing. The factors have a layout of their own, for `AdamW`, `Gradients` and files.
///
/// - Source: Hu et al., "LoRA: low-rank adaptation of large language models", ICLR 2022.
public struct LowRankAdapter: Sendable {
  /// The parameters of the network.
  public let baseLayout: ParameterLayout
  /// The factors: for each adapted parameter W, `W.down` of shape `[r, rest]` (A) and `W.up` of shape `[O, r]` (B).
  public let layout: ParameterLayout
  /// The values of the factors.
  public let factors: Weights
  /// The rank r.
  public let rank: Int
  /// The strength: the product of the factors is multiplied by alpha / r.
  public let alpha: Float
  private let pairs: [Pair]

  private struct Pair {
    var base: Parameter
    var down: Parameter
    var up: Parameter
  }

  /// Creates an adapter with fresh factors.
  ///
  /// - Parameters:
  ///   - base: The parameters of the network.
  ///   - rank: The rank of the corrections, at least 1.
  ///   - alpha: The strength.
  ///   - seed: The seed of the factors A.
  ///   - adapts: Which parameters are corrected; by default all of more than one dimension.
  public init(
    _ base: ParameterLayout, rank: Int, alpha: Float, seed: UInt64,
    adapts: (Parameter) -> Bool = { $0.shape.count > 1 }
  ) {
    self.init(base, rank: rank, alpha: alpha, adapts: adapts) { Weights($0, seed: seed) }
  }

  /// Creates an adapter with given factors, such as those of a file.
  ///
  /// - Parameters:
  ///   - base: The parameters of the network.
  ///   - rank: The rank of the corrections, at least 1.
  ///   - alpha: The strength.
  ///   - adapts: Which parameters are corrected.
  ///   - factors: Makes the values for the layout of the factors.
  public init(
    _ base: ParameterLayout, rank: Int, alpha: Float, adapts: (Parameter) -> Bool = { $0.shape.count > 1 },
    factors: (ParameterLayout) throws -> Weights
  ) rethrows {
    precondition(rank > 0, "an adapter of rank \(rank) cannot be made")
    var layout = ParameterLayout()
    var pairs: [Pair] = []
    for parameter in base.parameters where adapts(parameter) {
      let rows = parameter.shape.first ?? 1
      let rest = parameter.count / rows
      let down = layout.add(parameter.name + ".down", [rank, rest], .fanIn(rest))
      let up = layout.add(parameter.name + ".up", [rows, rank], .zeros)
      pairs.append(Pair(base: parameter, down: down, up: up))
    }
    baseLayout = base
    self.layout = layout
    self.rank = rank
    self.alpha = alpha
    self.pairs = pairs
    self.factors = try factors(layout)
    requireSameSize(layout, self.factors.layout)
  }

  /// The parameters that are corrected.
  public var adapted: [Parameter] { pairs.map(\.base) }

  /// Writes the corrected weights; parameters without correction are copied.
  ///
  /// - Parameters:
  ///   - base: The weights without correction.
  ///   - target: What is overwritten and marked as changed; not `base` itself.
  public func apply(base: Weights, into target: Weights) {
    precondition(base !== target, "an adapter cannot be applied in place: the base would be lost")
    target.set(to: base)
    for pair in pairs {
      let (rows, rest) = sizes(pair)
      let status = nn_matrix_product(
        CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), rows, rest, Int64(rank), alpha / Float(rank),
        factors[pair.up].baseAddress, Int64(rank), factors[pair.down].baseAddress, rest, 1,
        target[pair.base].baseAddress, rest)
      precondition(status == 0, "adapter: oneDNN failed with status \(status)")
    }
    target.markChanged()
  }

  /// Adds the gradients of the factors, given those of the corrected weights.
  ///
  /// - Parameters:
  ///   - gradients: The gradient at the weights that `apply(base:into:)` wrote.
  ///   - target: Gradients of `layout`: dB = (alpha / r) · dW · Aᵀ and dA = (alpha / r) · Bᵀ · dW are added.
  public func gradients(from gradients: Gradients, into target: Gradients) {
    requireSameSize(baseLayout, gradients.layout)
    requireSameSize(layout, target.layout)
    let (plain, transposed) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
    let factor = alpha / Float(rank)
    for pair in pairs {
      let (rows, rest) = sizes(pair)
      let outer = gradients[pair.base].baseAddress
      var status = nn_matrix_product(
        plain, transposed, rows, Int64(rank), rest, factor, outer, rest, factors[pair.down].baseAddress, rest, 1,
        target[pair.up].baseAddress, Int64(rank))
      status |= nn_matrix_product(
        transposed, plain, Int64(rank), rest, rows, factor, factors[pair.up].baseAddress, Int64(rank), outer, rest, 1,
        target[pair.down].baseAddress, rest)
      precondition(status == 0, "adapter: oneDNN failed with status \(status)")
    }
  }

  private func sizes(_ pair: Pair) -> (rows: Int64, rest: Int64) {
    (Int64(pair.up.shape[0]), Int64(pair.down.shape[1]))
  }
}
