import NeuralNetwork

/// The convolutions of a classifier, and the layers whose outputs a perceptual distance compares.
struct ConvolutionalBackbone: Sendable {
  /// One step of the network.
  private enum Step: Sendable {
    case convolution(ConvolutionLayer, stride: Int, padding: Int)
    case maxPool(side: Int)
    case tap
  }

  private let steps: [Step]
  let channels: [Int]

  /// Lays out the convolutions of AlexNet under torchvision's names, taps behind each of the five.
  init(alexNet builder: inout NetworkBuilder, prefix: String) throws {
    func layer(_ index: Int, _ inputs: Int, _ outputs: Int, _ kernel: Int) throws -> ConvolutionLayer {
      try builder.convolution("\(prefix)features.\(index)", inputs: inputs, outputs: outputs, kernel: kernel)
    }
    steps = [
      .convolution(try layer(0, 3, 64, 11), stride: 4, padding: 2), .tap, .maxPool(side: 3),
      .convolution(try layer(3, 64, 192, 5), stride: 1, padding: 2), .tap, .maxPool(side: 3),
      .convolution(try layer(6, 192, 384, 3), stride: 1, padding: 1), .tap,
      .convolution(try layer(8, 384, 256, 3), stride: 1, padding: 1), .tap,
      .convolution(try layer(10, 256, 256, 3), stride: 1, padding: 1), .tap,
    ]
    channels = [64, 192, 384, 256, 256]
  }

  /// Lays out the convolutions of VGG16 under torchvision's names, a tap behind each of the five groups.
  init(vgg16 builder: inout NetworkBuilder, prefix: String) throws {
    let groups = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]]
    var steps: [Step] = []
    var (index, inputs) = (0, 3)
    for group in groups {
      if index > 0 {
        steps.append(.maxPool(side: 2))
        index += 1
      }
      for outputs in group {
        let layer = try builder.convolution("\(prefix)features.\(index)", inputs: inputs, outputs: outputs, kernel: 3)
        steps.append(.convolution(layer, stride: 1, padding: 1))
        (index, inputs) = (index + 2, outputs)
      }
      steps.append(.tap)
    }
    self.steps = steps
    channels = groups.map { $0[0] }
  }

  /// Returns the outputs of the tapped layers, behind their rectifiers.
  func taps(_ x: Tensor, _ pass: Pass) -> [Tensor] {
    var (x, taps) = (x, [Tensor]())
    for step in steps {
      switch step {
      case .convolution(let layer, let stride, let padding):
        x = layer.rectified(x, pass, stride: stride, padding: padding)
      case .maxPool(let side): x = FeatureMaps.maxPool(x, pass.session, side: side, stride: 2)
      case .tap: taps.append(x)
      }
    }
    return taps
  }
}
