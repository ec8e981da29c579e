/// One use of weights by a session: the operations that have parameters.
///
///     let pass = Pass(session: session, weights: weights, gradients: gradients)
///     let y = pass.convolution(x, weight: kernel, bias: bias)
public struct Pass {
  /// Where the tensors live.
  public let session: Session
  /// The values of the parameters.
  public let weights: Weights
  /// Where the gradients of the parameters are added; nil if they are constants.
  ///
  /// Gradients flow through to tensor inputs either way.
  public let gradients: Gradients?

  /// Creates a pass; `gradients` must have the layout of `weights`.
  public init(session: Session, weights: Weights, gradients: Gradients? = nil) {
    if let gradients { requireSameSize(weights.layout, gradients.layout) }
    self.session = session
    self.weights = weights
    self.gradients = gradients
  }

  /// Whether an operation with this input must be recorded.
  func tracks(_ input: Tensor) -> Bool { session.isRecording && (gradients != nil || input.isTracked) }

  func values(_ parameter: Parameter) -> UnsafeMutablePointer<Float> {
    precondition(
      parameter.offset + parameter.count <= weights.layout.count, "'\(parameter.name)' is of another layout")
    return weights.values.baseAddress.unsafelyUnwrapped + parameter.offset
  }
}

extension Gradients {
  func pointer(_ parameter: Parameter) -> UnsafeMutablePointer<Float> {
    values.baseAddress.unsafelyUnwrapped + parameter.offset
  }
}
