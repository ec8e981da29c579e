import COneDNN

extension Session {
  /// Returns the same elements under another shape of the same count, as a view.
  ///
  /// Gradient: with respect to `x`.
  public func reshape(_ x: Tensor, _ shape: Shape) -> Tensor {
    precondition(shape.count == x.count, "reshape: \(x.shape) and \(shape) differ in their number of elements")
    let view = Tensor(shape: shape, data: x.data)
    return isRecording && x.isTracked ? record(view, .reshape(x)) : view
  }

  /// Doubles height and width by repeating each pixel: `[N, 2H, 2W, C]`.
  ///
  /// Gradient: with respect to `x`.
  public func upsampleNearest2x(_ x: Tensor) -> Tensor {
    let s = x.shape
    let result = tensor(Shape(s.batch, 2 * s.height, 2 * s.width, s.channels))
    nn_upsample2x(result.data, x.data, Int64(s.batch), Int64(s.height), Int64(s.width), Int64(s.channels))
    return isRecording && x.isTracked ? record(result, .upsample(x)) : result
  }

  /// Moves squares of pixels into channels: `[N, H/r, W/r, C·r²]`, in PyTorch's channel order c · r² + i · r + j.
  ///
  /// Gradient: with respect to `x`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`; r divides H and W.
  ///   - factor: The side r of a square.
  /// - Returns: `[N, H/r, W/r, C·r²]`.
  public func pixelUnshuffle(_ x: Tensor, _ factor: Int) -> Tensor {
    let s = x.shape
    precondition(
      factor > 0 && s.height % factor == 0 && s.width % factor == 0,
      "pixelUnshuffle: \(factor) does not divide height and width of \(s)")
    let result = tensor(Shape(s.batch, s.height / factor, s.width / factor, s.channels * factor * factor))
    nn_pixel_unshuffle(
      result.data, x.data, Int64(s.batch), Int64(s.height), Int64(s.width), Int64(s.channels), Int64(factor))
    return isRecording && x.isTracked ? record(result, .pixelUnshuffle(x, factor)) : result
  }

  /// Moves channels into squares of pixels, the inverse of `pixelUnshuffle`.
  ///
  /// Gradient: with respect to `x`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C·r²]`.
  ///   - factor: The side r of a square.
  /// - Returns: `[N, H·r, W·r, C]`.
  public func pixelShuffle(_ x: Tensor, _ factor: Int) -> Tensor {
    let s = x.shape
    precondition(
      factor > 0 && s.channels % (factor * factor) == 0,
      "pixelShuffle: \(factor) squared does not divide the channels of \(s)")
    let large = Shape(s.batch, s.height * factor, s.width * factor, s.channels / (factor * factor))
    let result = tensor(large)
    nn_pixel_shuffle(
      result.data, x.data, Int64(s.batch), Int64(large.height), Int64(large.width), Int64(large.channels),
      Int64(factor))
    return isRecording && x.isTracked ? record(result, .pixelShuffle(x, factor)) : result
  }

  /// Joins the channels of two tensors of the same pixels: `[N, H, W, Ca + Cb]`.
  ///
  /// Gradient: with respect to both.
  public func concatenateChannels(_ a: Tensor, _ b: Tensor) -> Tensor {
    var shape = a.shape
    shape.channels = b.shape.channels
    precondition(shape == b.shape, "concatenateChannels: \(a.shape) and \(b.shape) differ in more than channels")
    shape.channels = a.shape.channels + b.shape.channels
    return concatenate(a, b, shape, rows: a.shape.rows)
  }

  /// Puts the tokens of b behind those of a: `[N, 1, Ta + Tb, C]`.
  ///
  /// Gradient: with respect to both.
  ///
  /// Tensors of several rows count as H · W tokens.
  public func concatenateTokens(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.batch == b.shape.batch && a.shape.channels == b.shape.channels,
      "concatenateTokens: \(a.shape) and \(b.shape) differ in more than tokens")
    let shape = Shape.tokens(a.shape.batch, a.shape.pixels + b.shape.pixels, a.shape.channels)
    return concatenate(a, b, shape, rows: a.shape.batch)
  }

  /// Returns the given channels: `[N, H, W, range.count]`.
  ///
  /// Gradient: with respect to `x`.
  public func sliceChannels(_ x: Tensor, _ range: Range<Int>) -> Tensor {
    var shape = x.shape
    precondition(range.lowerBound >= 0 && range.upperBound <= shape.channels, "sliceChannels: \(range) of \(x.shape)")
    shape.channels = range.count
    return slice(x, shape, rows: x.shape.rows, offset: range.lowerBound)
  }

  // MARK: Columns of matrices

  private func concatenate(_ a: Tensor, _ b: Tensor, _ shape: Shape, rows: Int) -> Tensor {
    let result = tensor(shape)
    if rows > 0 {
      let (left, right) = (a.count / rows, b.count / rows)
      let stride = Int64(left + right)
      nn_copy_columns(result.data, stride, a.data, Int64(left), Int64(rows), Int64(left))
      nn_copy_columns(result.data + left, stride, b.data, Int64(right), Int64(rows), Int64(right))
    }
    return isRecording && (a.isTracked || b.isTracked) ? record(result, .concatenate(a, b, rows: rows)) : result
  }

  func propagateConcatenate(_ a: Tensor, _ b: Tensor, _ rows: Int, _ gradient: UnsafeMutablePointer<Float>) {
    guard rows > 0 else { return }
    let (left, right) = (a.count / rows, b.count / rows)
    let stride = Int64(left + right)
    contribute(to: a) { nn_copy_columns($0, Int64(left), gradient, stride, Int64(rows), Int64(left)) }
    contribute(to: b) { nn_copy_columns($0, Int64(right), gradient + left, stride, Int64(rows), Int64(right)) }
  }

  private func slice(_ x: Tensor, _ shape: Shape, rows: Int, offset: Int) -> Tensor {
    let result = tensor(shape)
    if rows > 0 {
      let width = Int64(shape.count / rows)
      nn_copy_columns(result.data, width, x.data + offset, Int64(x.count / rows), Int64(rows), width)
    }
    return isRecording && x.isTracked ? record(result, .slice(x, rows: rows, offset: offset)) : result
  }

  func propagateSlice(
    _ x: Tensor, _ output: Tensor, _ rows: Int, _ offset: Int, _ gradient: UnsafeMutablePointer<Float>
  ) {
    guard rows > 0 else { return }
    let width = Int64(output.count / rows)
    contribute(to: x) {
      nn_fill($0, 0, Int64(x.count))
      nn_copy_columns($0 + offset, Int64(x.count / rows), gradient, width, Int64(rows), width)
    }
  }
}
