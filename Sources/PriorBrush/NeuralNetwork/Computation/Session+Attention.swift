import COneDNN

/// What the gradient of an attention needs.
struct AttentionRecord {
  var query: Tensor
  var key: Tensor
  var value: Tensor
  var probabilities: UnsafeMutablePointer<Float>
  var shape: nn_attention_shape
}

extension Session {
  /// Returns scaled dot-product attention of several heads that lie side by side in the channels.
  ///
  /// Gradient: with respect to `query`, `key` and `value`.
  ///
  /// - Parameters:
  ///   - query: `[N, 1, Tq, C]`; pixels count as tokens.
  ///   - key: `[N, 1, Tk, C]`.
  ///   - value: `[N, 1, Tk, C]`.
  ///   - headDimension: Channels of one head; divides C.
  ///   - keyMask: `[N, 1, 1, Tk]` of 0 (ignored) and 1, or nil. If all keys of a sample are ignored its result is zero.
  /// - Returns: The shape of `query`.
  /// - Source: Vaswani et al., "Attention is all you need", NIPS 2017, eq. 1.
  public func attention(
    query: Tensor, key: Tensor, value: Tensor, headDimension: Int, keyMask: Tensor? = nil
  ) -> Tensor {
    let (q, k) = (query.shape, key.shape)
    precondition(
      q.batch == k.batch && q.channels == k.channels && key.shape == value.shape,
      "attention: query \(q), key \(k) and value \(value.shape) do not fit")
    precondition(
      headDimension > 0 && q.channels % headDimension == 0,
      "attention: heads of \(headDimension) do not divide \(q.channels) channels")
    if let keyMask {
      precondition(
        keyMask.count == k.batch * k.pixels, "attention: the mask \(keyMask.shape) does not fit the keys \(k)")
    }
    let shape = nn_attention_shape(
      batch: Int64(q.batch), queries: Int64(q.pixels), keys: Int64(k.pixels), channels: Int64(q.channels),
      head: Int64(headDimension))
    let result = tensor(q)
    let tracked = isRecording && (query.isTracked || key.isTracked || value.isTracked)
    let start = arena.mark
    let probabilities = arena.allocate(q.batch * (q.channels / headDimension) * q.pixels * k.pixels)
    let status = nn_attention_forward(
      result.data, probabilities, query.data, key.data, value.data, keyMask?.data, shape)
    precondition(status == 0, "attention: oneDNN failed with status \(status)")
    if !tracked {
      arena.release(start)
      return result
    }
    return record(
      result,
      .attention(AttentionRecord(query: query, key: key, value: value, probabilities: probabilities, shape: shape)))
  }

  func propagate(_ record: AttentionRecord, _ gradient: UnsafeMutablePointer<Float>) {
    let workCount = Int(record.shape.queries * record.shape.keys)
    let work = takeBuffer(workCount)
    // The three may be one tensor, so each gets its own buffer first and is added afterwards.
    let targets = [record.query, record.key, record.value].map { $0.isTracked ? takeBuffer($0.count) : nil }
    let status = nn_attention_backward(
      targets[0], targets[1], targets[2], gradient, record.probabilities, record.query.data, record.key.data,
      record.value.data, work, record.shape)
    precondition(status == 0, "attention: oneDNN failed with status \(status)")
    for (tensor, buffer) in zip([record.query, record.key, record.value], targets) {
      if let buffer { adopt(buffer, for: tensor) }
    }
    pool.give(work, count: workCount)
  }

  /// Returns the mean of the tokens whose mask is 1, zeros if there are none: `[N, 1, 1, C]`.
  ///
  /// Gradient: with respect to `x`.
  ///
  /// - Parameters:
  ///   - x: `[N, 1, T, C]`.
  ///   - mask: `[N, 1, 1, T]` of 0 and 1.
  /// - Returns: `[N, 1, 1, C]`.
  public func maskedMeanTokens(_ x: Tensor, _ mask: Tensor) -> Tensor {
    let s = x.shape
    precondition(mask.count == s.batch * s.pixels, "maskedMeanTokens: the mask \(mask.shape) does not fit \(s)")
    let result = tensor(.vectors(s.batch, s.channels))
    nn_masked_mean(result.data, x.data, mask.data, Int64(s.batch), Int64(s.pixels), Int64(s.channels))
    return isRecording && x.isTracked ? record(result, .maskedMean(x, mask: mask)) : result
  }
}
