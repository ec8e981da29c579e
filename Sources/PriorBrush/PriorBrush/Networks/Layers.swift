import NeuralNetwork

/// A matrix product along the channels, with or without a bias.
struct Linear: Sendable {
  private let weight: Parameter
  private let bias: Parameter?

  init(
    _ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = true, zero: Bool = false,
    in layout: inout ParameterLayout
  ) {
    weight = layout.add("\(name).weight", [outputs, inputs], zero ? .zeros : .fanIn(inputs))
    self.bias = bias ? layout.add("\(name).bias", [outputs], .zeros) : nil
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { pass.linear(x, weight: weight, bias: bias) }

  /// The matrix without the bias, in rows of one output each.
  func matrix(_ weights: Weights) -> [Float] { Array(weights[weight]) }
}

/// A square convolution with bias that keeps the size, or halves it with stride 2.
struct Convolution: Sendable {
  private let weight: Parameter
  private let bias: Parameter
  private let stride: Int

  init(
    _ name: String, _ inputs: Int, _ outputs: Int, side: Int = 3, stride: Int = 1, zero: Bool = false,
    in layout: inout ParameterLayout
  ) {
    weight = layout.add(
      "\(name).weight", [outputs, inputs, side, side], zero ? .zeros : .fanIn(inputs * side * side))
    bias = layout.add("\(name).bias", [outputs], .zeros)
    self.stride = stride
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.convolution(x, weight: weight, bias: bias, stride: stride)
  }
}

/// The scale and shift of a normalisation, over groups of channels or over all of them.
struct Norm: Sendable {
  private let scale: Parameter
  private let shift: Parameter
  private let groups: Int

  init(_ name: String, _ channels: Int, in layout: inout ParameterLayout) {
    scale = layout.add("\(name).scale", [channels], .ones)
    shift = layout.add("\(name).shift", [channels], .zeros)
    groups = min(16, channels / 8)
  }

  func group(_ x: Tensor, modulation: Tensor? = nil, silu: Bool, _ pass: Pass) -> Tensor {
    pass.groupNorm(x, scale: scale, shift: shift, groups: groups, modulation: modulation, silu: silu)
  }

  func layer(_ x: Tensor, _ pass: Pass) -> Tensor { pass.layerNorm(x, scale: scale, shift: shift) }
}

/// Two 3 × 3 convolutions around a modulation by time and caption, added to the input; the identity before training.
struct ResidualBlock: Sendable {
  private let firstNorm: Norm
  private let first: Convolution
  private let modulation: Linear
  private let secondNorm: Norm
  private let second: Convolution

  init(_ name: String, _ channels: Int, embedding: Int, in layout: inout ParameterLayout) {
    firstNorm = Norm("\(name).norm1", channels, in: &layout)
    first = Convolution("\(name).conv1", channels, channels, in: &layout)
    modulation = Linear("\(name).modulation", embedding, 2 * channels, in: &layout)
    secondNorm = Norm("\(name).norm2", channels, in: &layout)
    second = Convolution("\(name).conv2", channels, channels, zero: true, in: &layout)
  }

  func callAsFunction(_ x: Tensor, embedding: Tensor, _ pass: Pass) -> Tensor {
    let hidden = first(firstNorm.group(x, silu: true, pass), pass)
    let modulated = secondNorm.group(hidden, modulation: modulation(embedding, pass), silu: true, pass)
    return pass.session.add(x, second(modulated, pass))
  }
}

/// Attention of every pixel to all pixels and all words at once, added to the input; the identity before training.
///
/// One softmax over both kinds of keys does the work of a self-attention and a cross-attention layer.
struct AttentionBlock: Sendable {
  private static let headWidth = 32
  private let norm: Norm
  private let query: Linear
  private let pixelPairs: Linear
  private let wordPairs: Linear
  private let output: Linear

  init(_ name: String, _ channels: Int, textWidth: Int, in layout: inout ParameterLayout) {
    norm = Norm("\(name).norm", channels, in: &layout)
    query = Linear("\(name).query", channels, channels, bias: false, in: &layout)
    pixelPairs = Linear("\(name).pixels", channels, 2 * channels, bias: false, in: &layout)
    wordPairs = Linear("\(name).words", textWidth, 2 * channels, bias: false, in: &layout)
    output = Linear("\(name).output", channels, channels, zero: true, in: &layout)
  }

  /// Adds what every pixel found.
  ///
  /// - Parameters:
  ///   - x: Pixels `[N, H, W, C]`.
  ///   - words: Word vectors `[N, 1, T, textWidth]`.
  ///   - keyMask: 1 for every pixel and word to attend to, `[N, 1, 1, H · W + T]`.
  ///   - pass: The forward pass.
  /// - Returns: Pixels of the same shape.
  func callAsFunction(_ x: Tensor, words: Tensor, keyMask: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    let channels = x.shape.channels
    let flat = session.reshape(
      norm.group(x, silu: false, pass), .tokens(x.shape.batch, x.shape.height * x.shape.width, channels))
    let pairs = session.concatenateTokens(pixelPairs(flat, pass), wordPairs(words, pass))
    let attended = session.attention(
      query: query(flat, pass), key: session.sliceChannels(pairs, 0..<channels),
      value: session.sliceChannels(pairs, channels..<2 * channels), headDimension: Self.headWidth, keyMask: keyMask)
    return session.add(x, session.reshape(output(attended, pass), x.shape))
  }
}
