import NeuralNetwork

/// Lays out the parameters of a network and fills them from a source of tensors.
struct NetworkBuilder {
  private let source: any TensorSource
  private var layout = ParameterLayout()
  private var fills: [(parameter: Parameter, values: () throws -> [Float])] = []

  init(_ source: any TensorSource) { self.source = source }

  /// Adds a tensor as it is in the source.
  mutating func tensor(_ name: String, _ shape: [Int]) throws -> Parameter {
    try check(name, shape)
    return add(name, shape) { [source] in try source.values(of: name, shape: shape) }
  }

  /// Adds a matrix that the source keeps with its inputs as rows: `[I, O]` becomes `[O, I]`.
  mutating func transposed(_ name: String, inputs: Int, outputs: Int) throws -> Parameter {
    try check(name, [inputs, outputs])
    return add(name, [outputs, inputs]) { [source] in
      let values = try source.values(of: name, shape: [inputs, outputs])
      return (0..<outputs).flatMap { output in (0..<inputs).map { values[$0 * outputs + output] } }
    }
  }

  /// Adds tensors of one width below each other.
  mutating func stacked(_ names: [String], _ shape: [Int]) throws -> Parameter {
    for name in names { try check(name, shape) }
    var whole = shape
    whole[0] *= names.count
    return add(names.joined(separator: "|"), whole) { [source] in
      try names.flatMap { try source.values(of: $0, shape: shape) }
    }
  }

  /// Adds a convolution with a bias.
  mutating func convolution(_ prefix: String, inputs: Int, outputs: Int, kernel: Int) throws -> ConvolutionLayer {
    ConvolutionLayer(
      weight: try tensor("\(prefix).weight", [outputs, inputs, kernel, kernel]),
      bias: try tensor("\(prefix).bias", [outputs]))
  }

  /// Adds a convolution without a bias and the batch normalisation that follows it, as one convolution.
  mutating func normalizedConvolution(
    _ prefix: String, inputs: Int, outputs: Int, height: Int, width: Int
  ) throws -> ConvolutionLayer {
    let shape = [outputs, inputs, height, width]
    let (weight, norm) = ("\(prefix).conv.weight", "\(prefix).bn")
    try check(weight, shape)
    for part in ["weight", "bias", "running_mean", "running_var"] { try check("\(norm).\(part)", [outputs]) }
    let scale: () throws -> [Float] = { [source] in
      let gain = try source.values(of: "\(norm).weight", shape: [outputs])
      let variance = try source.values(of: "\(norm).running_var", shape: [outputs])
      return zip(gain, variance).map { $0 / ($1 + 0.001).squareRoot() }
    }
    return ConvolutionLayer(
      weight: add(weight, shape) { [source] in
        let factors = try scale()
        let size = inputs * height * width
        return try source.values(of: weight, shape: shape).enumerated().map { $1 * factors[$0 / size] }
      },
      bias: add("\(norm).bias", [outputs]) { [source] in
        let factors = try scale()
        let mean = try source.values(of: "\(norm).running_mean", shape: [outputs])
        let shift = try source.values(of: "\(norm).bias", shape: [outputs])
        return (0..<outputs).map { shift[$0] - mean[$0] * factors[$0] }
      })
  }

  /// Reads all values.
  func weights() throws -> Weights {
    let weights = Weights(zeros: layout)
    for (parameter, values) in fills {
      let target = weights[parameter]
      let numbers = try values()
      for index in target.indices { target[index] = numbers[index] }
    }
    weights.markChanged()
    return weights
  }

  private mutating func add(_ name: String, _ shape: [Int], _ values: @escaping () throws -> [Float]) -> Parameter {
    let parameter = layout.add(name, shape.isEmpty ? [1] : shape, .zeros)
    fills.append((parameter, values))
    return parameter
  }

  private func check(_ name: String, _ shape: [Int]) throws(PerceptualNetworkError) {
    let found = try source.requiredShape(of: name)
    guard found == shape else { throw source.mismatch(name, found, shape) }
  }
}

/// A convolution and its bias.
struct ConvolutionLayer: Sendable {
  var weight: Parameter
  var bias: Parameter

  /// Returns the rectified convolution; padding keeps the size unless another is given.
  func rectified(_ x: Tensor, _ pass: Pass, stride: Int = 1, padding: Int? = nil) -> Tensor {
    FeatureMaps.rectify(pass.convolution(x, weight: weight, bias: bias, stride: stride, padding: padding))
  }
}
