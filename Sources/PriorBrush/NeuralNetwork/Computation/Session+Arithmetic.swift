import COneDNN

extension Session {
  /// Returns a + b, element by element.
  ///
  /// Gradient: with respect to both.
  public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireSameShape(a, b, "add")
    let result = tensor(a.shape)
    nn_add(result.data, a.data, b.data, Int64(a.count))
    return isRecording && (a.isTracked || b.isTracked) ? record(result, .add(a, b)) : result
  }

  /// Returns a − b, element by element.
  ///
  /// Gradient: with respect to both.
  public func subtract(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireSameShape(a, b, "subtract")
    let result = tensor(a.shape)
    nn_subtract(result.data, a.data, b.data, Int64(a.count))
    return isRecording && (a.isTracked || b.isTracked) ? record(result, .subtract(a, b)) : result
  }

  /// Returns a · b, element by element.
  ///
  /// Gradient: with respect to both.
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireSameShape(a, b, "multiply")
    let result = tensor(a.shape)
    nn_multiply(result.data, a.data, b.data, Int64(a.count))
    return isRecording && (a.isTracked || b.isTracked) ? record(result, .multiply(a, b)) : result
  }

  /// Returns x times a number.
  ///
  /// Gradient: with respect to `x`.
  public func scale(_ x: Tensor, by factor: Float) -> Tensor {
    let result = tensor(x.shape)
    nn_scale(result.data, x.data, factor, Int64(x.count))
    return isRecording && x.isTracked ? record(result, .scale(x, factor)) : result
  }

  /// Adds one vector a sample to every pixel of that sample.
  ///
  /// Gradient: with respect to both.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - vector: `[N, 1, 1, C]`.
  /// - Returns: `[N, H, W, C]`.
  public func addPerSample(_ x: Tensor, _ vector: Tensor) -> Tensor {
    let s = x.shape
    precondition(
      vector.shape == .vectors(s.batch, s.channels), "addPerSample: \(vector.shape) is not one vector a sample of \(s)")
    let result = tensor(s)
    for sample in 0..<s.batch {
      let start = sample * s.pixels * s.channels
      nn_add_row(
        result.data + start, x.data + start, vector.data + sample * s.channels, Int64(s.pixels), Int64(s.channels))
    }
    return isRecording && (x.isTracked || vector.isTracked) ? record(result, .addPerSample(x, vector)) : result
  }

  func propagateAddPerSample(_ output: Tensor, _ vector: Tensor, _ gradient: UnsafeMutablePointer<Float>) {
    let s = output.shape
    contribute(to: vector) { target in
      nn_fill(target, 0, Int64(vector.count))
      for sample in 0..<s.batch {
        nn_accumulate_column_sums(
          target + sample * s.channels, gradient + sample * s.pixels * s.channels, Int64(s.pixels), Int64(s.channels))
      }
    }
  }

  /// Returns x · sigmoid(x).
  ///
  /// Gradient: with respect to `x`.
  public func silu(_ x: Tensor) -> Tensor {
    let result = tensor(x.shape)
    nn_silu(result.data, x.data, Int64(x.count))
    return isRecording && x.isTracked ? record(result, .silu(x)) : result
  }

  /// Returns the Gaussian error linear unit in its tanh form.
  ///
  /// Gradient: with respect to `x`.
  ///
  /// - Source: Hendrycks and Gimpel, "Gaussian error linear units", arXiv 1606.08415; `approximate="tanh"` in PyTorch.
  public func gelu(_ x: Tensor) -> Tensor {
    let result = tensor(x.shape)
    nn_gelu(result.data, x.data, Int64(x.count))
    return isRecording && x.isTracked ? record(result, .gelu(x)) : result
  }

  /// Limits each element to [low, high]; NaN stays NaN.
  ///
  /// Gradient: with respect to `x`, zero outside of the limits.
  public func clamp(_ x: Tensor, _ low: Float, _ high: Float) -> Tensor {
    precondition(low <= high, "clamp: the limits \(low) and \(high) are in the wrong order")
    let result = tensor(x.shape)
    nn_clamp(result.data, x.data, low, high, Int64(x.count))
    return isRecording && x.isTracked ? record(result, .clamp(x, low, high)) : result
  }
}
