/// One named array of trainable numbers, and where it lies in a flat buffer.
public struct Parameter: Hashable, Sendable {
  /// The unique name in its layout, such as `down.0.convolution.weight`.
  public let name: String
  /// The extents; `[O, I, H, W]` for convolutions, `[O, I]` for linear maps.
  public let shape: [Int]
  /// The index of the first number, a multiple of 16.
  public let offset: Int
  /// The number of numbers.
  public let count: Int
}

/// How the first values of a parameter are chosen.
public enum Initializer: Hashable, Sendable {
  /// All zero.
  case zeros
  /// All one.
  case ones
  /// Independent normal numbers with mean 0.
  case normal(standardDeviation: Float)
  /// Independent numbers, uniform in [−bound, bound).
  case uniform(bound: Float)

  /// The default of PyTorch for linear maps and convolutions: uniform with bound 1 / √fanIn.
  ///
  /// - Parameter fanIn: The number of inputs of one output: C, or C · k · k.
  /// - Returns: The initializer.
  /// - Source: He et al., "Delving Deep into Rectifiers", ICCV 2015, with a = √5 as in `torch.nn.Linear`.
  public static func fanIn(_ fanIn: Int) -> Initializer {
    .uniform(bound: 1 / Float(Swift.max(fanIn, 1)).squareRoot())
  }
}

/// The parameters of a network, laid out in one flat buffer.
public struct ParameterLayout: Sendable {
  /// All parameters in the order in which they were added.
  public private(set) var parameters: [Parameter] = []
  /// How each parameter starts, in the same order.
  private(set) var initializers: [Initializer] = []
  /// The length of a flat buffer, in numbers, gaps included.
  public private(set) var count = 0
  private var places: [String: Int] = [:]

  /// Creates an empty layout.
  public init() {}

  /// Adds a parameter behind the others and returns it.
  ///
  /// - Parameters:
  ///   - name: A name not used before in this layout.
  ///   - shape: The extents, each at least 1.
  ///   - initializer: How the first values are chosen.
  /// - Returns: The parameter with its place.
  public mutating func add(_ name: String, _ shape: [Int], _ initializer: Initializer) -> Parameter {
    precondition(places[name] == nil, "parameter '\(name)' is added twice")
    precondition(
      shape.allSatisfy { $0 > 0 }, "parameter '\(name)' has the shape \(shape); every extent must be at least 1")
    let size = shape.reduce(1, *)
    let parameter = Parameter(name: name, shape: shape, offset: count, count: size)
    places[name] = parameters.count
    parameters.append(parameter)
    initializers.append(initializer)
    count += (size + 15) / 16 * 16
    return parameter
  }

  /// The number of trainable numbers, without gaps.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Returns the parameter of that name, if there is one.
  public func parameter(named name: String) -> Parameter? {
    places[name].map { parameters[$0] }
  }
}
