public import NeuralNetwork

/// The 2048 features of the Inception network of December 2015 that the FID is defined on.
///
/// It differs from torchvision's: average pools leave out what lies outside, the last block has a maximum pool, and there
/// are 1008 classes. With the published weights the Fréchet distance of these features is the FID.
///
/// - Source: Szegedy et al., "Rethinking the Inception architecture", CVPR 2016; agrees with the package pytorch-fid 0.3.
public struct InceptionFeatures: Sendable {
  /// The number of features of an image.
  public static let width = 2048

  private let stem: [ConvolutionLayer]
  private let blocks: [InceptionBlock]
  private let weights: Weights

  /// Reads the published weights.
  ///
  /// - Parameter path: The file as the package pytorch-fid publishes it, or nil if there is none.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if no file is named, else what is wrong with it.
  public init(contentsOf path: String?) throws {
    guard let path else {
      throw PerceptualNetworkError.notEvaluated("the FID", supply: "pytorch-fid's pt_inception-2015-12-05-6726825d.pth")
    }
    try self.init(PublishedWeights(contentsOf: path))
  }

  /// Takes weights from anywhere.
  ///
  /// - Parameter source: Tensors named as in pytorch-fid, such as `Mixed_5b.branch1x1.conv.weight`.
  /// - Throws: `PerceptualNetworkError` if a tensor is missing or has another shape.
  public init(_ source: any TensorSource) throws {
    var builder = InceptionBlockBuilder(builder: NetworkBuilder(source))
    stem = [
      try builder.layer("Conv2d_1a_3x3", 3, 32, 3), try builder.layer("Conv2d_2a_3x3", 32, 32, 3),
      try builder.layer("Conv2d_2b_3x3", 32, 64, 3), try builder.layer("Conv2d_3b_1x1", 64, 80, 1),
      try builder.layer("Conv2d_4a_3x3", 80, 192, 3),
    ]
    blocks = [
      try builder.fine("Mixed_5b", 192, pooled: 32), try builder.fine("Mixed_5c", 256, pooled: 64),
      try builder.fine("Mixed_5d", 288, pooled: 64), try builder.firstReduction("Mixed_6a", 288),
      try builder.middle("Mixed_6b", 128), try builder.middle("Mixed_6c", 160), try builder.middle("Mixed_6d", 160),
      try builder.middle("Mixed_6e", 192), try builder.secondReduction("Mixed_7a"),
      try builder.coarse("Mixed_7b", 1280, pool: .average), try builder.coarse("Mixed_7c", 2048, pool: .maximum),
    ]
    weights = try builder.builder.weights()
  }

  /// Returns the features of images, resized to 299 x 299 pixels as pytorch-fid does it: bilinear, without smoothing.
  ///
  /// - Parameters:
  ///   - images: Values in [-1, 1], `[N, H, W, 3]`.
  ///   - shape: Their shape.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `N · 2048` features.
  /// - Throws: `PerceptualNetworkError` with code `.badInput` if the shape does not fit.
  public func callAsFunction(
    _ images: [Float], shape: Shape, session: Session
  ) throws(PerceptualNetworkError) -> [Float] {
    guard shape.channels == 3, images.count == shape.count, shape.count > 0 else {
      throw PerceptualNetworkError(
        .badInput, "\(images.count) values do not make a batch of \(shape); give RGB images")
    }
    let size = shape.pixels * 3
    var features: [Float] = []
    features.reserveCapacity(shape.batch * Self.width)
    for start in stride(from: 0, to: shape.batch, by: Self.batch) {
      let count = min(Self.batch, shape.batch - start)
      session.reset(recording: false)
      let input = session.constant(
        Shape(count, shape.height, shape.width, 3), copying: Array(images[start * size..<(start + count) * size]))
      features += pooledFeatures(input, Pass(session: session, weights: weights)).values
    }
    return features
  }

  /// Images that are evaluated at once; more would only need more memory.
  private static let batch = 4

  private func pooledFeatures(_ input: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    var x = FeatureMaps.resizeBilinear(input, session, height: 299, width: 299)
    x = stem[0].rectified(x, pass, stride: 2, padding: 0)
    x = stem[1].rectified(x, pass, padding: 0)
    x = FeatureMaps.maxPool(stem[2].rectified(x, pass), session, side: 3, stride: 2)
    x = stem[4].rectified(stem[3].rectified(x, pass), pass, padding: 0)
    x = FeatureMaps.maxPool(x, session, side: 3, stride: 2)
    for block in blocks { x = block(x, pass) }
    return FeatureMaps.globalAverage(x, session)
  }
}
