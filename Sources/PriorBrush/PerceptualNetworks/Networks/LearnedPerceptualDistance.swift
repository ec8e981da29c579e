public import NeuralNetwork

/// The learned perceptual image patch similarity, LPIPS version 0.1.
///
/// With the published weights this is LPIPS; with any others it must not be called so.
///
///     let distance = try LearnedPerceptualDistance(.alexNet, backbone: "alexnet.pth", heads: "alex.pth")
///     let value = try distance(first, second, shape: Shape(1, 64, 64, 3), session: Session())[0]
///
/// - Source: Zhang et al., "The unreasonable effectiveness of deep features as a perceptual metric", CVPR 2018; agrees
///   with the package lpips 0.1.4.
public struct LearnedPerceptualDistance: Sendable {
  /// The classifier whose features are compared.
  public enum Backbone: String, Sendable, CaseIterable {
    /// The faster one, which the authors recommend for comparing images.
    case alexNet = "alex"
    /// The one that is usual in training losses.
    case vgg16 = "vgg"

    /// The smallest side of an image, in pixels.
    public var smallestSide: Int { self == .alexNet ? 31 : 16 }
  }

  /// The classifier in use.
  public let kind: Backbone
  private let backbone: ConvolutionalBackbone
  private let heads: [Parameter]
  private let weights: Weights

  /// Reads the published weights.
  ///
  /// - Parameters:
  ///   - kind: The classifier.
  ///   - backbone: The classifier's file as torchvision publishes it, or nil if there is none.
  ///   - heads: The file of the learned layer weights as the package lpips ships it, or nil if there is none.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if a file is not named, else what is wrong with it.
  public init(_ kind: Backbone, backbone: String?, heads: String?) throws {
    guard let backbone, let heads else {
      let file = kind == .alexNet ? "alexnet-owt-7be5be79.pth" : "vgg16-397923af.pth"
      throw PerceptualNetworkError.notEvaluated(
        "LPIPS (\(kind.rawValue))",
        supply: "torchvision's \(file) and the package lpips's weights/v0.1/\(kind.rawValue).pth")
    }
    try self.init(
      kind, backbone: PublishedWeights(contentsOf: backbone), heads: PublishedWeights(contentsOf: heads))
  }

  /// Takes weights from anywhere.
  ///
  /// - Parameters:
  ///   - kind: The classifier.
  ///   - backbone: Tensors named as in torchvision, such as `features.0.weight`.
  ///   - heads: Tensors named as in lpips, such as `lin0.model.1.weight`.
  /// - Throws: `PerceptualNetworkError` if a tensor is missing or has another shape.
  public init(_ kind: Backbone, backbone: any TensorSource, heads: any TensorSource) throws {
    var builder = NetworkBuilder(TwoSources(first: backbone, second: heads))
    self.kind = kind
    switch kind {
    case .alexNet: self.backbone = try ConvolutionalBackbone(alexNet: &builder, prefix: "")
    case .vgg16: self.backbone = try ConvolutionalBackbone(vgg16: &builder, prefix: "")
    }
    var parameters: [Parameter] = []
    for (index, channels) in self.backbone.channels.enumerated() {
      parameters.append(try builder.tensor("lin\(index).model.1.weight", [1, channels, 1, 1]))
    }
    self.heads = parameters
    weights = try builder.weights()
  }

  /// Returns the distance of each pair of images.
  ///
  /// - Parameters:
  ///   - images: Values in [-1, 1], `[N, H, W, 3]`.
  ///   - references: As many values.
  ///   - shape: The shape of both.
  ///   - side: The side of the squares that images are enlarged to first, bilinearly; nil compares them as they are. The metric's
  ///     name must tell.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `N` distances, at least 0 with the published weights; 0 for equal images.
  /// - Throws: `PerceptualNetworkError` with code `.badInput` if the shape does not fit or images are too small.
  public func callAsFunction(
    _ images: [Float], _ references: [Float], shape: Shape, enlargedTo side: Int? = nil, session: Session
  ) throws(PerceptualNetworkError) -> [Double] {
    guard shape.channels == 3, images.count == shape.count, references.count == shape.count else {
      throw PerceptualNetworkError(
        .badInput,
        "\(images.count) and \(references.count) values do not make two batches of \(shape); give RGB images")
    }
    guard side ?? min(shape.height, shape.width) >= kind.smallestSide else {
      throw PerceptualNetworkError(
        .badInput,
        "images of \(shape.width) x \(shape.height) pixels are too small for \(kind.rawValue); enlarge them to at least "
          + "\(kind.smallestSide) and say so with the metric")
    }
    session.reset(recording: false)
    let pass = Pass(session: session, weights: weights)
    func taps(_ values: [Float]) -> [Tensor] {
      let x = scaled(values, shape, session)
      guard let side else { return backbone.taps(x, pass) }
      return backbone.taps(FeatureMaps.resizeBilinear(x, session, height: side, width: side), pass)
    }
    let (first, second) = (taps(images), taps(references))
    var distances = [Double](repeating: 0, count: shape.batch)
    for (index, (a, b)) in zip(first, second).enumerated() {
      let head = weights[heads[index]]
      for sample in 0..<shape.batch { distances[sample] += distance(a, b, head, sample) }
    }
    return distances
  }

  private static let shift: [Float] = [-0.030, -0.088, -0.188]
  private static let scale: [Float] = [0.458, 0.448, 0.450]

  private func scaled(_ images: [Float], _ shape: Shape, _ session: Session) -> Tensor {
    let x = session.constant(shape, copying: images)
    for index in 0..<x.count { x.data[index] = (x.data[index] - Self.shift[index % 3]) / Self.scale[index % 3] }
    return x
  }

  /// Returns the weighted mean over pixels of the squared difference of unit vectors.
  private func distance(_ a: Tensor, _ b: Tensor, _ head: UnsafeMutableBufferPointer<Float>, _ sample: Int) -> Double {
    let (pixels, channels) = (a.shape.pixels, a.shape.channels)
    var total = 0.0
    for pixel in 0..<pixels {
      let start = (sample * pixels + pixel) * channels
      let (x, y) = (a.data + start, b.data + start)
      var (normX, normY): (Float, Float) = (0, 0)
      for channel in 0..<channels {
        normX += x[channel] * x[channel]
        normY += y[channel] * y[channel]
      }
      let (scaleX, scaleY) = (1 / (normX.squareRoot() + 1e-10), 1 / (normY.squareRoot() + 1e-10))
      var sum: Float = 0
      for channel in 0..<channels {
        let difference = x[channel] * scaleX - y[channel] * scaleY
        sum += head[channel] * difference * difference
      }
      total += Double(sum)
    }
    return total / Double(pixels)
  }
}

/// Two sources of tensors under one roof, for a network that was published in two files.
private struct TwoSources: TensorSource {
  let first: any TensorSource
  let second: any TensorSource

  var label: String { first.label == second.label ? first.label : "\(first.label) and \(second.label)" }

  func shape(of name: String) -> [Int]? { first.shape(of: name) ?? second.shape(of: name) }

  func values(of name: String, shape: [Int]) throws -> [Float] {
    try (first.contains(name) ? first : second).values(of: name, shape: shape)
  }
}
