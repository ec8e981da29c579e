import COneDNN

/// What the gradient of a linear map needs.
struct LinearRecord {
  var input: Tensor
  var weight: Parameter
  var bias: Parameter?
  var weights: Weights
  var gradients: Gradients?
}

/// What the gradient of an embedding needs.
struct EmbeddingRecord {
  var rows: UnsafePointer<Int32>
  var count: Int
  var table: Parameter
  var gradients: Gradients
}

/// What the gradient of learned positions needs.
struct PositionsRecord {
  var input: Tensor
  var table: Parameter
  var gradients: Gradients?
}

extension Pass {
  /// Applies one matrix to every pixel or token.
  ///
  /// Gradient: with respect to `x`, `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, I]`.
  ///   - weight: `[O, I]`; `[O, I, 1, 1]` is accepted.
  ///   - bias: `[O]`, or nil.
  /// - Returns: `[N, H, W, O]`.
  public func linear(_ x: Tensor, weight: Parameter, bias: Parameter?) -> Tensor {
    var shape = x.shape
    let inputs = shape.channels
    precondition(
      weight.shape.count >= 2 && weight.count == weight.shape[0] * inputs,
      "linear: '\(weight.name)' of shape \(weight.shape) does not fit \(shape)")
    precondition(bias.map { $0.count == weight.shape[0] } ?? true, "linear: '\(bias?.name ?? "")' has another length")
    if shape.rows >= Pass.rowsForPackedWeights {
      let key = ConvolutionKey(
        input: shape, outputChannels: weight.shape[0], kernelHeight: 1, kernelWidth: 1, stride: 1, paddingHeight: 0,
        paddingWidth: 0, hasBias: bias != nil)
      return convolve(x, key, weight: weight, bias: bias)
    }
    shape.channels = weight.shape[0]
    let result = session.tensor(shape)
    let status = nn_linear_forward(
      result.data, x.data, values(weight), bias.map(values), Int64(shape.rows), Int64(inputs), Int64(shape.channels))
    precondition(status == 0, "linear: oneDNN failed with status \(status)")
    guard tracks(x) else { return result }
    return session.record(
      result,
      .linear(LinearRecord(input: x, weight: weight, bias: bias, weights: weights, gradients: gradients)))
  }

  /// From this many rows on, a convolution with packed weights is faster than a general matrix product (measured).
  private static let rowsForPackedWeights = 32

  /// Looks up one row of a table for each number.
  ///
  /// Gradient: with respect to `table`.
  ///
  /// - Parameters:
  ///   - ids: Row numbers in `0..<V`, `shape.rows` of them.
  ///   - table: `[V, C]`.
  ///   - shape: The shape of the result, with C channels.
  /// - Returns: A tensor of that shape.
  public func embedding(ids: [Int32], table: Parameter, shape: Shape) -> Tensor {
    precondition(
      table.shape.count == 2 && table.shape[1] == shape.channels && ids.count == shape.rows,
      "embedding: \(ids.count) numbers and '\(table.name)' of shape \(table.shape) do not fit \(shape)")
    let known = Int32(table.shape[0])
    precondition(
      ids.allSatisfy { $0 >= 0 && $0 < known }, "embedding: a number is outside of the \(known) rows of '\(table.name)'"
    )
    let result = session.tensor(shape)
    let rows = UnsafeMutableRawPointer(session.arena.allocate(ids.count)).bindMemory(
      to: Int32.self, capacity: ids.count)
    for (index, id) in ids.enumerated() { rows[index] = id }
    nn_gather_rows(result.data, values(table), rows, Int64(ids.count), Int64(shape.channels))
    guard session.isRecording, let gradients else { return result }
    return session.record(
      result, .embedding(EmbeddingRecord(rows: rows, count: ids.count, table: table, gradients: gradients)))
  }

  /// Adds one learned vector a position to the tokens of every sample.
  ///
  /// Gradient: with respect to `x` and `table`.
  ///
  /// - Parameters:
  ///   - x: `[N, 1, T, C]`.
  ///   - table: `[T', C]` with T' ≥ T.
  /// - Returns: The shape of `x`.
  public func addPositions(_ x: Tensor, table: Parameter) -> Tensor {
    let s = x.shape
    precondition(
      table.shape.count == 2 && table.shape[0] >= s.pixels && table.shape[1] == s.channels,
      "addPositions: '\(table.name)' of shape \(table.shape) does not fit \(s)")
    let result = session.tensor(s)
    let size = s.pixels * s.channels
    for sample in 0..<s.batch {
      nn_add(result.data + sample * size, x.data + sample * size, values(table), Int64(size))
    }
    guard tracks(x) else { return result }
    return session.record(result, .addPositions(PositionsRecord(input: x, table: table, gradients: gradients)))
  }
}

extension Session {
  func propagate(_ record: LinearRecord, _ gradient: UnsafeMutablePointer<Float>) {
    let (rows, inputs) = (Int64(record.input.shape.rows), Int64(record.input.shape.channels))
    let outputs = Int64(record.weight.shape[0])
    if let gradients = record.gradients {
      let status = nn_linear_backward_weights(
        gradients.pointer(record.weight), record.bias.map(gradients.pointer), record.input.data, gradient, rows, inputs,
        outputs)
      precondition(status == 0, "linear: oneDNN failed with status \(status)")
    }
    contribute(to: record.input) { target in
      let weight = record.weights[record.weight].baseAddress
      let status = nn_linear_backward_input(target, gradient, weight, rows, inputs, outputs)
      precondition(status == 0, "linear: oneDNN failed with status \(status)")
    }
  }

  func propagate(_ record: EmbeddingRecord, _ gradient: UnsafeMutablePointer<Float>) {
    nn_scatter_add_rows(
      record.gradients.pointer(record.table), gradient, record.rows, Int64(record.count), Int64(record.table.shape[1]))
  }

  /// Adds the gradient of the table only; the caller hands the gradient on to the input.
  func propagate(_ record: PositionsRecord, _ gradient: UnsafeMutablePointer<Float>) {
    guard let gradients = record.gradients else { return }
    let s = record.input.shape
    let size = s.pixels * s.channels
    for sample in 0..<s.batch {
      nn_accumulate(gradients.pointer(record.table), gradient + sample * size, Int64(size))
    }
  }
}
