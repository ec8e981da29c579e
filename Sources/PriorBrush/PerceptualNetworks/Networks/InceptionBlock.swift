import NeuralNetwork

/// A block of the Inception network: branches over one input whose outputs are joined.
struct InceptionBlock: Sendable {
  /// One step of a branch.
  indirect enum Step: Sendable {
    /// A convolution that keeps the size.
    case convolution(ConvolutionLayer)
    /// A convolution of stride 2 without padding.
    case shrinking(ConvolutionLayer)
    /// Two convolutions of one input, joined.
    case fork(ConvolutionLayer, ConvolutionLayer)
    /// The mean of 3 x 3 pixels, those outside left out.
    case average
    /// The maximum of 3 x 3 pixels.
    case maximum
    /// The maximum of 3 x 3 pixels at every second place.
    case shrinkingMaximum
  }

  private let branches: [[Step]]

  init(_ branches: [[Step]]) { self.branches = branches }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.session.concatenateChannels(
      branches.map { steps in steps.reduce(x) { InceptionBlock.apply($1, to: $0, pass) } })
  }

  private static func apply(_ step: Step, to x: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    return switch step {
    case .convolution(let layer): layer.rectified(x, pass)
    case .shrinking(let layer): layer.rectified(x, pass, stride: 2, padding: 0)
    case .fork(let a, let b): session.concatenateChannels(a.rectified(x, pass), b.rectified(x, pass))
    case .average: FeatureMaps.averagePool3(x, session)
    case .maximum: FeatureMaps.maxPool(x, session, side: 3, stride: 1, padding: 1)
    case .shrinkingMaximum: FeatureMaps.maxPool(x, session, side: 3, stride: 2)
    }
  }
}

/// Lays out blocks under torchvision's names.
struct InceptionBlockBuilder {
  var builder: NetworkBuilder

  /// Adds a convolution whose kernel is given as `[height, width]`, or as one side.
  mutating func layer(
    _ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int, _ width: Int? = nil
  ) throws -> ConvolutionLayer {
    try builder.normalizedConvolution(name, inputs: inputs, outputs: outputs, height: kernel, width: width ?? kernel)
  }

  /// The block of 35 x 35 pixels.
  mutating func fine(_ name: String, _ inputs: Int, pooled: Int) throws -> InceptionBlock {
    InceptionBlock([
      [.convolution(try layer("\(name).branch1x1", inputs, 64, 1))],
      [
        .convolution(try layer("\(name).branch5x5_1", inputs, 48, 1)),
        .convolution(try layer("\(name).branch5x5_2", 48, 64, 5)),
      ],
      [
        .convolution(try layer("\(name).branch3x3dbl_1", inputs, 64, 1)),
        .convolution(try layer("\(name).branch3x3dbl_2", 64, 96, 3)),
        .convolution(try layer("\(name).branch3x3dbl_3", 96, 96, 3)),
      ],
      [.average, .convolution(try layer("\(name).branch_pool", inputs, pooled, 1))],
    ])
  }

  /// The step from 35 x 35 to 17 x 17 pixels.
  mutating func firstReduction(_ name: String, _ inputs: Int) throws -> InceptionBlock {
    InceptionBlock([
      [.shrinking(try layer("\(name).branch3x3", inputs, 384, 3))],
      [
        .convolution(try layer("\(name).branch3x3dbl_1", inputs, 64, 1)),
        .convolution(try layer("\(name).branch3x3dbl_2", 64, 96, 3)),
        .shrinking(try layer("\(name).branch3x3dbl_3", 96, 96, 3)),
      ],
      [.shrinkingMaximum],
    ])
  }

  /// The block of 17 x 17 pixels, with convolutions of one row or one column.
  mutating func middle(_ name: String, _ width: Int) throws -> InceptionBlock {
    InceptionBlock([
      [.convolution(try layer("\(name).branch1x1", 768, 192, 1))],
      [
        .convolution(try layer("\(name).branch7x7_1", 768, width, 1)),
        .convolution(try layer("\(name).branch7x7_2", width, width, 1, 7)),
        .convolution(try layer("\(name).branch7x7_3", width, 192, 7, 1)),
      ],
      [
        .convolution(try layer("\(name).branch7x7dbl_1", 768, width, 1)),
        .convolution(try layer("\(name).branch7x7dbl_2", width, width, 7, 1)),
        .convolution(try layer("\(name).branch7x7dbl_3", width, width, 1, 7)),
        .convolution(try layer("\(name).branch7x7dbl_4", width, width, 7, 1)),
        .convolution(try layer("\(name).branch7x7dbl_5", width, 192, 1, 7)),
      ],
      [.average, .convolution(try layer("\(name).branch_pool", 768, 192, 1))],
    ])
  }

  /// The step from 17 x 17 to 8 x 8 pixels.
  mutating func secondReduction(_ name: String) throws -> InceptionBlock {
    InceptionBlock([
      [
        .convolution(try layer("\(name).branch3x3_1", 768, 192, 1)),
        .shrinking(try layer("\(name).branch3x3_2", 192, 320, 3)),
      ],
      [
        .convolution(try layer("\(name).branch7x7x3_1", 768, 192, 1)),
        .convolution(try layer("\(name).branch7x7x3_2", 192, 192, 1, 7)),
        .convolution(try layer("\(name).branch7x7x3_3", 192, 192, 7, 1)),
        .shrinking(try layer("\(name).branch7x7x3_4", 192, 192, 3)),
      ],
      [.shrinkingMaximum],
    ])
  }

  /// The block of 8 x 8 pixels.
  mutating func coarse(_ name: String, _ inputs: Int, pool: InceptionBlock.Step) throws -> InceptionBlock {
    InceptionBlock([
      [.convolution(try layer("\(name).branch1x1", inputs, 320, 1))],
      [
        .convolution(try layer("\(name).branch3x3_1", inputs, 384, 1)),
        .fork(
          try layer("\(name).branch3x3_2a", 384, 384, 1, 3), try layer("\(name).branch3x3_2b", 384, 384, 3, 1)),
      ],
      [
        .convolution(try layer("\(name).branch3x3dbl_1", inputs, 448, 1)),
        .convolution(try layer("\(name).branch3x3dbl_2", 448, 384, 3)),
        .fork(
          try layer("\(name).branch3x3dbl_3a", 384, 384, 1, 3), try layer("\(name).branch3x3dbl_3b", 384, 384, 3, 1)),
      ],
      [pool, .convolution(try layer("\(name).branch_pool", inputs, 192, 1))],
    ])
  }
}
