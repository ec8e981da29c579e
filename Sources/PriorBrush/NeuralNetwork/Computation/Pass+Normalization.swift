import COneDNN

/// What the gradient of a group normalisation needs.
struct GroupNormRecord {
  var input: Tensor
  var modulation: Tensor?
  var scale: Parameter
  var shift: Parameter
  var mean: UnsafeMutablePointer<Float>
  var deviation: UnsafeMutablePointer<Float>
  var shape: nn_group_norm_shape
  var weights: Weights
  var gradients: Gradients?
}

/// What the gradient of a layer normalisation needs.
struct LayerNormRecord {
  var input: Tensor
  var scale: Parameter
  var shift: Parameter
  var mean: UnsafeMutablePointer<Float>
  var deviation: UnsafeMutablePointer<Float>
  var weights: Weights
  var gradients: Gradients?
}

extension Pass {
  /// Normalises groups of channels of each sample, then scales, shifts, modulates and activates, all in two passes.
  ///
  /// Gradient: with respect to `x`, `scale`, `shift` and `modulation`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - scale: `[C]`.
  ///   - shift: `[C]`.
  ///   - groups: Number of groups; divides C.
  ///   - modulation: `[N, 1, 1, 2C]`, applied as y · (1 + m[0..<C]) + m[C..<2C] after scale and shift; or nil.
  ///   - silu: Whether the result is passed through y · sigmoid(y).
  /// - Returns: The shape of `x`. The variance gets 1e-5 added.
  /// - Source: Wu and He, "Group normalization", ECCV 2018; modulation as in Perez et al., "FiLM", AAAI 2018.
  public func groupNorm(
    _ x: Tensor, scale: Parameter, shift: Parameter, groups: Int, modulation: Tensor? = nil, silu: Bool = false
  ) -> Tensor {
    let s = x.shape
    precondition(groups > 0 && s.channels % groups == 0, "groupNorm: \(groups) groups do not divide \(s)")
    requireChannels(x, scale, shift, "groupNorm")
    if let modulation {
      precondition(
        modulation.shape == .vectors(s.batch, 2 * s.channels),
        "groupNorm: the modulation \(modulation.shape) does not fit \(s)")
    }
    let shape = nn_group_norm_shape(
      batch: Int64(s.batch), pixels: Int64(s.pixels), channels: Int64(s.channels), groups: Int64(groups),
      epsilon: 1e-5, silu: silu ? 1 : 0)
    let result = session.tensor(s)
    let start = session.arena.mark
    let mean = session.arena.allocate(s.batch * groups)
    let deviation = session.arena.allocate(s.batch * groups)
    let work = session.arena.allocate(6 * s.channels)
    nn_group_norm_forward(
      result.data, mean, deviation, x.data, values(scale), values(shift), modulation?.data, work, shape)
    guard tracks(x) || session.isRecording && modulation?.isTracked == true else {
      session.arena.release(start)
      return result
    }
    return session.record(
      result,
      .groupNorm(
        GroupNormRecord(
          input: x, modulation: modulation, scale: scale, shift: shift, mean: mean, deviation: deviation, shape: shape,
          weights: weights, gradients: gradients)))
  }

  /// Normalises the channels of each pixel or token, then scales and shifts.
  ///
  /// Gradient: with respect to `x`, `scale` and `shift`.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - scale: `[C]`.
  ///   - shift: `[C]`.
  /// - Returns: The shape of `x`. The variance gets 1e-5 added.
  /// - Source: Ba et al., "Layer normalization", arXiv 1607.06450.
  public func layerNorm(_ x: Tensor, scale: Parameter, shift: Parameter) -> Tensor {
    let s = x.shape
    requireChannels(x, scale, shift, "layerNorm")
    let result = session.tensor(s)
    let start = session.arena.mark
    let mean = session.arena.allocate(s.rows)
    let deviation = session.arena.allocate(s.rows)
    nn_layer_norm_forward(
      result.data, mean, deviation, x.data, values(scale), values(shift), Int64(s.rows), Int64(s.channels), 1e-5)
    guard tracks(x) else {
      session.arena.release(start)
      return result
    }
    return session.record(
      result,
      .layerNorm(
        LayerNormRecord(
          input: x, scale: scale, shift: shift, mean: mean, deviation: deviation, weights: weights,
          gradients: gradients)))
  }

  private func requireChannels(_ x: Tensor, _ scale: Parameter, _ shift: Parameter, _ operation: StaticString) {
    precondition(
      scale.count == x.shape.channels && shift.count == x.shape.channels,
      "\(operation): '\(scale.name)' and '\(shift.name)' do not have the \(x.shape.channels) channels of the input")
  }
}

extension Session {
  func propagate(_ record: GroupNormRecord, _ gradient: UnsafeMutablePointer<Float>) {
    let workCount = 6 * record.input.shape.channels
    let work = takeBuffer(workCount)
    let target = takeBuffer(record.input.count)
    let modulation = record.modulation
    let modulationTarget = modulation.flatMap { $0.isTracked ? takeBuffer($0.count) : nil }
    nn_group_norm_backward(
      target, record.gradients?.pointer(record.scale), record.gradients?.pointer(record.shift), modulationTarget,
      gradient, record.input.data, record.mean, record.deviation, record.weights[record.scale].baseAddress,
      record.weights[record.shift].baseAddress, modulation?.data, work, record.shape)
    if record.input.isTracked {
      adopt(target, for: record.input)
    } else {
      pool.give(target, count: record.input.count)
    }
    if let modulation, let modulationTarget { adopt(modulationTarget, for: modulation) }
    pool.give(work, count: workCount)
  }

  func propagate(_ record: LayerNormRecord, _ gradient: UnsafeMutablePointer<Float>) {
    let target = record.input.isTracked ? takeBuffer(record.input.count) : nil
    nn_layer_norm_backward(
      target, record.gradients?.pointer(record.scale), record.gradients?.pointer(record.shift), gradient,
      record.input.data, record.mean, record.deviation, record.weights[record.scale].baseAddress,
      Int64(record.input.shape.rows), Int64(record.input.shape.channels))
    if let target { adopt(target, for: record.input) }
  }
}
