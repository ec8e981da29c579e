import COneDNN

/// The Adam optimiser with decoupled weight decay.
///
/// - Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2; the decay is
///   multiplied by the learning rate as in `torch.optim.AdamW`.
public final class AdamW: @unchecked Sendable {
  /// The parameters.
  public let layout: ParameterLayout
  /// Decay rates of the two moments, each in [0, 1).
  public let betas: (Float, Float)
  /// Added to the root of the second moment.
  public let epsilon: Float
  /// The decay rate, times the learning rate, of each step.
  public let weightDecay: Float
  /// How many steps were made.
  public internal(set) var stepCount = 0
  let first: Gradients
  let second: Gradients
  private let spans: [Span]

  /// A run of the flat buffer in which all parameters decay alike.
  private struct Span {
    var range: Range<Int>
    var decays: Bool
  }

  /// Creates an optimiser with moments of zero.
  ///
  /// - Parameters:
  ///   - layout: The parameters.
  ///   - betas: Decay rates of the first and the second moment.
  ///   - epsilon: Added to the root of the second moment.
  ///   - weightDecay: The decay rate; 0 for plain Adam.
  ///   - decays: Which parameters decay; by default those of more than one dimension.
  public init(
    _ layout: ParameterLayout, betas: (Float, Float) = (0.9, 0.999), epsilon: Float = 1e-8, weightDecay: Float = 0.01,
    decays: (Parameter) -> Bool = { $0.shape.count > 1 }
  ) {
    self.layout = layout
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    first = Gradients(layout)
    second = Gradients(layout)
    var spans: [Span] = []
    for (index, parameter) in layout.parameters.enumerated() {
      let end = index + 1 < layout.parameters.count ? layout.parameters[index + 1].offset : layout.count
      let decay = decays(parameter)
      if let last = spans.last, last.decays == decay {
        spans[spans.count - 1].range = last.range.lowerBound..<end
      } else {
        spans.append(Span(range: parameter.offset..<end, decays: decay))
      }
    }
    self.spans = spans
  }

  /// Makes one step and marks the weights as changed.
  ///
  /// - Parameters:
  ///   - weights: What is changed.
  ///   - gradients: The gradient at `weights`.
  ///   - learningRate: The step size, at least 0.
  public func step(_ weights: Weights, _ gradients: Gradients, learningRate: Float) {
    beginStep()
    update(weights, gradients, learningRate: learningRate, range: 0..<layout.count)
    weights.markChanged()
  }

  func beginStep() { stepCount += 1 }

  /// Updates a part of the flat buffer; parts are independent and may run on different threads.
  func update(_ weights: Weights, _ gradients: Gradients, learningRate: Float, range: Range<Int>) {
    requireSameSize(layout, weights.layout)
    requireSameSize(layout, gradients.layout)
    guard let values = weights.values.baseAddress, let gradient = gradients.values.baseAddress,
      let firstMoment = first.values.baseAddress, let secondMoment = second.values.baseAddress
    else { return }
    for span in spans {
      let part = span.range.clamped(to: range)
      if part.isEmpty { continue }
      let settings = nn_adamw_settings(
        learning_rate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weight_decay: span.decays ? weightDecay : 0, step: Int64(stepCount))
      let start = part.lowerBound
      nn_adamw(values + start, firstMoment + start, secondMoment + start, gradient + start, Int64(part.count), settings)
    }
  }
}
