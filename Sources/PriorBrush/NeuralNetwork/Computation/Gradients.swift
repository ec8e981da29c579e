import COneDNN

/// The gradients of all parameters of a layout, in one flat buffer with the layout of `Weights`.
///
/// One thread at a time may use it.
public final class Gradients: @unchecked Sendable {
  /// Which parameters lie where.
  public let layout: ParameterLayout
  /// The numbers, in memory that this object owns; gaps between parameters are zero.
  public let values: UnsafeMutableBufferPointer<Float>

  /// Creates gradients that are all zero.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    values = allocateFlat(layout)
  }

  deinit { nn_free(values.baseAddress) }

  /// The gradient of one parameter; the memory belongs to this object, so keep it in a variable meanwhile.
  public subscript(parameter: Parameter) -> UnsafeMutableBufferPointer<Float> {
    precondition(parameter.offset + parameter.count <= layout.count, "'\(parameter.name)' is of another layout")
    return UnsafeMutableBufferPointer(rebasing: values[parameter.offset..<parameter.offset + parameter.count])
  }

  /// Sets all gradients to zero.
  public func zero() { nn_fill(values.baseAddress, 0, Int64(values.count)) }

  /// Adds the gradients of `other`, which must have the same layout.
  public func add(_ other: Gradients) {
    requireSameSize(layout, other.layout)
    nn_accumulate(values.baseAddress, other.values.baseAddress, Int64(values.count))
  }

  /// Returns the Euclidean norm over all parameters, summed in double precision.
  public func norm() -> Float { Float(sumOfSquares.squareRoot()) }

  /// Multiplies all gradients by a factor.
  public func scale(by factor: Float) { nn_scale_in_place(values.baseAddress, factor, Int64(values.count)) }

  var sumOfSquares: Double { nn_sum_of_squares(values.baseAddress, Int64(values.count)) }
}

/// Limits the length of the gradient, over all networks that are trained together.
public enum GradientClipping {
  /// Scales all gradients by one factor so that their common norm is at most `limit`.
  ///
  /// - Parameters:
  ///   - gradients: The gradients that count as one vector.
  ///   - limit: The largest norm allowed, above 0.
  /// - Returns: The norm before clipping; not finite if a gradient is not finite, and then nothing is scaled.
  @discardableResult
  public static func clip(_ gradients: [Gradients], to limit: Float) -> Float {
    let norm = Float(gradients.reduce(0) { $0 + $1.sumOfSquares }.squareRoot())
    if norm.isFinite, norm > limit {
      for gradient in gradients { gradient.scale(by: limit / norm) }
    }
    return norm
  }

  /// Scales all gradients by one factor so that their common norm is at most `limit`.
  ///
  /// - Parameters:
  ///   - gradients: The gradients that count as one vector.
  ///   - limit: The largest norm allowed, above 0.
  /// - Returns: The norm before clipping.
  @discardableResult
  public static func clip(_ gradients: Gradients..., to limit: Float) -> Float { clip(gradients, to: limit) }
}
