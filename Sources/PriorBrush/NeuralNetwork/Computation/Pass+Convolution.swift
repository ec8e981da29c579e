import COneDNN

/// What distinguishes one prepared convolution from another.
struct ConvolutionKey: Hashable {
  var input: Shape
  var outputChannels: Int
  var kernelHeight: Int
  var kernelWidth: Int
  var stride: Int
  var paddingHeight: Int
  var paddingWidth: Int
  var hasBias: Bool
  var direction: Int32 = 0

  var output: Shape {
    Shape(
      input.batch, (input.height + 2 * paddingHeight - kernelHeight) / stride + 1,
      (input.width + 2 * paddingWidth - kernelWidth) / stride + 1, outputChannels)
  }

  var description: nn_convolution_shape {
    nn_convolution_shape(
      batch: Int64(input.batch), height: Int64(input.height), width: Int64(input.width),
      input_channels: Int64(input.channels), output_channels: Int64(outputChannels),
      kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth), stride: Int64(stride),
      padding_height: Int64(paddingHeight), padding_width: Int64(paddingWidth), direction: direction,
      has_bias: hasBias ? 1 : 0)
  }

  func with(direction: Int, hasBias: Bool) -> ConvolutionKey {
    var key = self
    key.direction = Int32(direction)
    key.hasBias = hasBias
    return key
  }
}

/// What the gradient of a convolution needs.
struct ConvolutionRecord {
  var input: Tensor
  var key: ConvolutionKey
  var weight: Parameter
  var bias: Parameter?
  var weights: Weights
  var gradients: Gradients?
}

extension Pass {
  /// Returns a convolution.
  ///
  /// Gradient: with respect to `x`, `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, I]`.
  ///   - weight: `[O, I, k, l]`.
  ///   - bias: `[O]`, or nil.
  ///   - stride: Step of the window in both directions.
  ///   - padding: Zeros on each side, p = q; if nil p is k / 2 and q is l / 2.
  /// - Returns: `[N, (H + 2p − k) / stride + 1, (W + 2q − l) / stride + 1, O]`.
  public func convolution(
    _ x: Tensor, weight: Parameter, bias: Parameter?, stride: Int = 1, padding: Int? = nil
  ) -> Tensor {
    precondition(
      weight.shape.count == 4 && weight.shape[1] == x.shape.channels,
      "convolution: '\(weight.name)' of shape \(weight.shape) does not fit \(x.shape)")
    precondition(
      bias.map { $0.count == weight.shape[0] } ?? true, "convolution: '\(bias?.name ?? "")' has another length")
    let key = ConvolutionKey(
      input: x.shape, outputChannels: weight.shape[0], kernelHeight: weight.shape[2], kernelWidth: weight.shape[3],
      stride: stride, paddingHeight: padding ?? weight.shape[2] / 2, paddingWidth: padding ?? weight.shape[3] / 2,
      hasBias: bias != nil)
    return convolve(x, key, weight: weight, bias: bias)
  }

  func convolve(_ x: Tensor, _ key: ConvolutionKey, weight: Parameter, bias: Parameter?) -> Tensor {
    let result = session.tensor(key.output)
    let convolution = session.convolution(key)
    let kernel = weights.kernels.kernel(for: weight, of: weights, convolution: convolution)
    let status = nn_convolution_forward(
      convolution, x.data, kernel.pointer, bias.map(values), result.data, session.convolutionScratch)
    precondition(status == 0, "convolution: oneDNN failed with status \(status)")
    guard tracks(x) else { return result }
    return session.record(
      result,
      .convolution(
        ConvolutionRecord(input: x, key: key, weight: weight, bias: bias, weights: weights, gradients: gradients)))
  }
}

extension Session {
  func propagate(_ record: ConvolutionRecord, _ gradient: UnsafeMutablePointer<Float>) {
    if let gradients = record.gradients {
      let operation = convolution(record.key.with(direction: nn_backward_weights, hasBias: record.bias != nil))
      let status = nn_convolution_backward_weights(
        operation, record.input.data, gradient, gradients.pointer(record.weight), record.bias.map(gradients.pointer),
        convolutionScratch)
      precondition(status == 0, "convolution: oneDNN failed with status \(status)")
    }
    contribute(to: record.input) { target in
      let operation = convolution(record.key.with(direction: nn_backward_data, hasBias: false))
      let weights = record.weights
      let kernel = weights.kernels.kernel(for: record.weight, of: weights, convolution: operation)
      let status = nn_convolution_backward_data(operation, gradient, kernel.pointer, target, convolutionScratch)
      precondition(status == 0, "convolution: oneDNN failed with status \(status)")
    }
  }
}
