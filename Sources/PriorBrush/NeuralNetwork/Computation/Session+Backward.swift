import COneDNN

extension Session {
  /// Adds the gradients of a function of the given tensors to all variables, and to the `Gradients` of all passes.
  ///
  /// - Parameter outputs: Tensors that were recorded and the gradient of the function with respect to each; a constant
  ///   among them is skipped.
  /// - Complexity: One visit of each recorded operation; no recursion.
  public func backward(from outputs: [(Tensor, UnsafeBufferPointer<Float>)]) {
    precondition(isRecording, "backward(from:) needs reset(recording: true) before the operations")
    for (tensor, gradient) in outputs {
      precondition(gradient.count == tensor.count, "\(gradient.count) gradients do not fit \(tensor.shape)")
      contribute(to: tensor) { target in
        if let source = gradient.baseAddress { target.update(from: source, count: gradient.count) }
      }
    }
    var index = tape.count - 1
    while index >= 0 {
      if let gradient = tape[index].gradient, !isLeaf(index) {
        tape[index].gradient = nil
        if !propagate(index, gradient) { pool.give(gradient, count: tape[index].output.count) }
      }
      index -= 1
    }
  }

  /// Adds the gradients of a function of the given tensors to all variables, and to the `Gradients` of all passes.
  ///
  /// - Parameter outputs: Tensors that were recorded and the gradient of the function with respect to each.
  public func backward(from outputs: [(Tensor, [Float])]) {
    backward(from: outputs.map { ($0, constant($0.shape, copying: $1)) })
  }

  /// Adds the gradients of a function of the given tensors to all variables, and to the `Gradients` of all passes.
  ///
  /// - Parameter outputs: Tensors that were recorded and the gradient of the function with respect to each.
  public func backward(from outputs: [(Tensor, Tensor)]) {
    backward(from: outputs.map { ($0, UnsafeBufferPointer($1.buffer)) })
  }

  /// Returns the gradient of a variable after `backward(from:)`; nil for other tensors and if nothing depends on it.
  public func gradient(of tensor: Tensor) -> UnsafeMutableBufferPointer<Float>? {
    guard tensor.node >= 0, Int(tensor.node) < tape.count, isLeaf(Int(tensor.node)),
      let gradient = tape[Int(tensor.node)].gradient
    else { return nil }
    return UnsafeMutableBufferPointer(start: gradient, count: tensor.count)
  }

  private func isLeaf(_ index: Int) -> Bool {
    if case .leaf = tape[index].operation { return true }
    return false
  }

  /// Passes the gradient of a node on; returns whether the buffer was handed over and must not be recycled.
  private func propagate(_ index: Int, _ gradient: UnsafeMutablePointer<Float>) -> Bool {
    let output = tape[index].output
    switch tape[index].operation {
    case .leaf: return true
    case .add(let a, let b):
      contribute(to: b) { $0.update(from: gradient, count: output.count) }
      return handOver(gradient, to: a)
    case .subtract(let a, let b):
      contribute(to: b) { nn_scale($0, gradient, -1, Int64(output.count)) }
      return handOver(gradient, to: a)
    case .multiply(let a, let b):
      contribute(to: a) { nn_multiply($0, gradient, b.data, Int64(output.count)) }
      contribute(to: b) { nn_multiply($0, gradient, a.data, Int64(output.count)) }
    case .scale(let x, let factor):
      contribute(to: x) { nn_scale($0, gradient, factor, Int64(output.count)) }
    case .addPerSample(let x, let vector):
      propagateAddPerSample(output, vector, gradient)
      return handOver(gradient, to: x)
    case .silu(let x): contribute(to: x) { nn_silu_gradient($0, gradient, x.data, Int64(x.count)) }
    case .gelu(let x): contribute(to: x) { nn_gelu_gradient($0, gradient, x.data, Int64(x.count)) }
    case .clamp(let x, let low, let high):
      contribute(to: x) { nn_clamp_gradient($0, gradient, x.data, low, high, Int64(x.count)) }
    case .reshape(let x): return handOver(gradient, to: x)
    case .concatenate(let a, let b, let rows): propagateConcatenate(a, b, rows, gradient)
    case .slice(let x, let rows, let offset): propagateSlice(x, output, rows, offset, gradient)
    case .upsample(let x):
      let s = x.shape
      contribute(to: x) {
        nn_upsample2x_gradient($0, gradient, Int64(s.batch), Int64(s.height), Int64(s.width), Int64(s.channels))
      }
    case .pixelUnshuffle(let x, let factor):
      let s = x.shape
      contribute(to: x) {
        nn_pixel_shuffle(
          $0, gradient, Int64(s.batch), Int64(s.height), Int64(s.width), Int64(s.channels), Int64(factor))
      }
    case .pixelShuffle(let x, let factor):
      let s = output.shape
      contribute(to: x) {
        nn_pixel_unshuffle(
          $0, gradient, Int64(s.batch), Int64(s.height), Int64(s.width), Int64(s.channels), Int64(factor))
      }
    case .maskedMean(let x, let mask):
      let s = x.shape
      contribute(to: x) {
        nn_masked_mean_gradient($0, gradient, mask.data, Int64(s.batch), Int64(s.pixels), Int64(s.channels))
      }
    case .attention(let record): propagate(record, gradient)
    case .convolution(let record): propagate(record, gradient)
    case .linear(let record): propagate(record, gradient)
    case .groupNorm(let record): propagate(record, gradient)
    case .layerNorm(let record): propagate(record, gradient)
    case .embedding(let record): propagate(record, gradient)
    case .addPositions(let record):
      propagate(record, gradient)
      return handOver(gradient, to: record.input)
    }
    return false
  }

  // MARK: Gradient buffers

  func takeBuffer(_ count: Int) -> UnsafeMutablePointer<Float> { pool.take(count) ?? arena.allocate(count) }

  /// Lets `write` fill a buffer and adds it to the gradient of a tensor; skipped for constants.
  func contribute(to tensor: Tensor, _ write: (UnsafeMutablePointer<Float>) -> Void) {
    guard tensor.node >= 0 else { return }
    let buffer = takeBuffer(tensor.count)
    write(buffer)
    adopt(buffer, for: tensor)
  }

  /// Adds a buffer from `takeBuffer` to the gradient of a tracked tensor; the buffer belongs to the session again.
  func adopt(_ buffer: UnsafeMutablePointer<Float>, for tensor: Tensor) {
    let index = Int(tensor.node)
    if let present = tape[index].gradient {
      nn_accumulate(present, buffer, Int64(tensor.count))
      pool.give(buffer, count: tensor.count)
    } else {
      tape[index].gradient = buffer
    }
  }

  /// Makes a buffer the gradient of a tensor, or adds it; returns whether the buffer now belongs to the tensor.
  private func handOver(_ gradient: UnsafeMutablePointer<Float>, to tensor: Tensor) -> Bool {
    guard tensor.node >= 0 else { return false }
    let index = Int(tensor.node)
    guard let present = tape[index].gradient else {
      tape[index].gradient = gradient
      return true
    }
    nn_accumulate(present, gradient, Int64(tensor.count))
    return false
  }
}
