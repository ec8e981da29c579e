import Digest
public import NeuralNetwork

/// What a teacher's network sees in place of images: the pixels themselves, or the latents of an autoencoder.
///
/// The 12 channels of a latent at a quarter of the image's side are unfolded to three channels at half of it, so that a network for
/// images of that side takes latents without any change. Their coordinates are those of `LatentFrame`.
public struct LatentSpace: Sendable {
  /// The space of teachers that see pixels; encoding and decoding are the identity.
  public static let pixels = LatentSpace(coder: nil)

  private struct Coder: Sendable {
    var network = Autoencoder()
    var weights: Weights
    var frame: LatentFrame
    var imageSide: Int
    var digest: String
  }

  private static let fold = 2
  private let coder: Coder?

  private init(coder: Coder?) { self.coder = coder }

  /// Reads a space that `write` or `writePixels` wrote.
  ///
  /// - Parameter path: The file.
  /// - Throws: `NeuralNetworkError` if the file is broken or a tensor is missing or of another shape, `PriorBrushError` with code
  ///   `.invalidModel` if it holds something else or impossible numbers.
  public init(contentsOf path: String) throws {
    let file = try ModelFile(path, kind: .autoencoder)
    if file.text("space") == "pixels" {
      self = .pixels
      return
    }
    let weights = try file.weights(Autoencoder().layout, prefix: "autoencoder.")
    let frame = LatentFrame(try file.weights(LatentFrame.layout, prefix: "latent."))
    guard let side = file.number("imageSide").flatMap({ Int(exactly: $0) }), (16...1024).contains(side),
      side % 16 == 0, frame.isUsable
    else {
      throw PriorBrushError(
        .invalidModel, "\(path) lacks the side of its images or a usable frame of its latents; train it again")
    }
    let digest = try SHA256Digest(ofFile: path).hex
    coder = Coder(weights: weights, frame: frame, imageSide: side, digest: digest)
  }

  /// Refuses a teacher that was trained in another space.
  ///
  /// - Parameter teacher: The teacher's file.
  /// - Throws: `PriorBrushError` with code `.invalidModel`.
  public func require(of teacher: ModelFile) throws {
    let trained = teacher.text("autoencoder")
    guard trained != coder?.digest else { return }
    let cure =
      switch (trained, coder) {
      case (nil, _): "was trained on pixels; leave the input 'autoencoder' out"
      case (_, nil): "was trained on the latents of an autoencoder; name its file as input 'autoencoder'"
      default: "was trained on the latents of another autoencoder than the input 'autoencoder'; name that one's file"
      }
    throw PriorBrushError(.invalidModel, "\(teacher.path) \(cure)")
  }

  /// Writes the space of a trained autoencoder, its frame measured on drawn images, with half-precision weights.
  ///
  /// - Parameters:
  ///   - path: The file to write.
  ///   - weights: Weights of an `Autoencoder`.
  ///   - source: Training images.
  ///   - count: How many to draw for the frame.
  ///   - seed: Seed of the draws.
  ///   - numbers: Further metadata.
  ///   - session: The calling thread's session; it is reset.
  /// - Throws: `PriorBrushError` with code `.diverged` if a channel is constant or not finite, `NeuralNetworkError` if the file cannot
  ///   be written.
  public static func write(
    _ path: String, weights: Weights, source: some ExampleSource, count: Int = 2048, seed: UInt64,
    numbers: [String: Double] = [:], session: Session
  ) throws {
    var latents: [Float] = []
    let network = Autoencoder()
    var stream = RandomStream(seed: seed, name: "latent statistics")
    for _ in 0..<max(1, count / 32) {
      session.reset(recording: false)
      let images = session.tensor(Shape(32, source.resolution, source.resolution, 3))
      _ = source.draw(32, into: images.buffer, using: &stream)
      latents += network.encode(images, Pass(session: session, weights: weights)).buffer
    }
    let frame = try LatentFrame(analysis: network.analysis(weights), latents: latents)
    try ModelFile.write(
      path, kind: .autoencoder, configuration: nil,
      weights: [("autoencoder.", weights), ("latent.", frame.weights)],
      numbers: numbers.merging(["imageSide": Double(source.resolution)]) { $1 })
  }

  /// Writes a file that stands for the space of pixels, so that trials with and without an autoencoder can share their stages.
  ///
  /// - Parameter path: The file to write.
  /// - Throws: `NeuralNetworkError` if the file cannot be written.
  public static func writePixels(_ path: String) throws {
    try ModelFile.write(path, kind: .autoencoder, configuration: nil, weights: [], texts: ["space": "pixels"])
  }

  /// What teachers remember of the space they were trained in: the digest of the autoencoder's file, or nil for pixels.
  public var identity: String? { coder?.digest }

  /// Whether teachers see pixels.
  public var isPixels: Bool { coder == nil }

  /// Returns the side of the images of a network.
  ///
  /// - Parameter networkSide: The side that the network was made for, in pixels.
  /// - Returns: The side of the images.
  /// - Throws: `PriorBrushError` with code `.invalidModel` if the latents have another side.
  public func imageSide(of networkSide: Int) throws -> Int {
    guard let coder else { return networkSide }
    guard coder.imageSide == Self.fold * networkSide else {
      throw PriorBrushError(
        .invalidModel,
        "the autoencoder makes latents of \(coder.imageSide / Self.fold) pixels of images of \(coder.imageSide), but the "
          + "network takes \(networkSide); train the autoencoder on images of \(Self.fold * networkSide) or choose "
          + "another preset")
    }
    return coder.imageSide
  }

  /// Returns what the network sees of images, as a constant.
  ///
  /// - Parameters:
  ///   - images: Images in [-1, 1], `[N, S, S, 3]`.
  ///   - session: The session of the images.
  /// - Returns: The images themselves, or latents `[N, S/2, S/2, 3]`.
  public func encode(_ images: Tensor, in session: Session) -> Tensor {
    guard let coder else { return images }
    let latents = coder.network.encode(images, Pass(session: session, weights: coder.weights))
    coder.frame.enter(latents.data, pixels: latents.shape.rows)
    return session.pixelShuffle(latents, Self.fold)
  }

  /// Returns what the network sees of images.
  ///
  /// - Parameters:
  ///   - images: `N · S · S · 3` values in [-1, 1].
  ///   - side: S.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: The images themselves, or `N · S/2 · S/2 · 3` values.
  public func encode(_ images: [Float], side: Int, session: Session) -> [Float] {
    if isPixels { return images }
    return Self.inBatches(images, side: side, session: session) { encode($0, in: session).buffer }
  }

  /// Returns the images of what a network made.
  ///
  /// - Parameters:
  ///   - values: Images or latents, `N · R · R · 3` values.
  ///   - side: R, the network's side.
  ///   - session: The calling thread's session; it is reset unless the space is of pixels.
  /// - Returns: Images: the values themselves, or `N · 2R · 2R · 3` values in [-1, 1].
  public func decode(_ values: [Float], side: Int, session: Session) -> [Float] {
    guard let coder else { return values }
    return Self.inBatches(values, side: side, session: session) { batch in
      let latents = session.pixelUnshuffle(batch, Self.fold)
      coder.frame.leave(latents.data, pixels: latents.shape.rows)
      return coder.network.decode(latents, Pass(session: session, weights: coder.weights)).buffer
    }.map { min(max($0, -1), 1) }
  }

  /// Returns the nearest that an image can look like in this space: what a sampler makes of a prediction before its next step.
  ///
  /// Pixels are clamped to their range. Latents are decoded, their pixels clamped and encoded again, so that what no image has, such as a
  /// white brighter than white, is taken out of them too.
  ///
  /// - Parameters:
  ///   - values: Predictions, `N · R · R · 3` values.
  ///   - side: R, the network's side.
  ///   - session: The calling thread's session; it is reset unless the space is of pixels.
  /// - Returns: As many values.
  public func project(_ values: [Float], side: Int, session: Session) -> [Float] {
    guard let coder else { return values.map { min(max($0, -1), 1) } }
    return encode(decode(values, side: side, session: session), side: coder.imageSide, session: session)
  }

  private static func inBatches(
    _ values: [Float], side: Int, session: Session, _ convert: (Tensor) -> UnsafeMutableBufferPointer<Float>
  ) -> [Float] {
    let size = 32 * side * side * 3
    var result: [Float] = []
    for start in stride(from: 0, to: values.count, by: size) {
      let part = values[start..<min(start + size, values.count)]
      session.reset(recording: false)
      result += convert(session.constant(Shape(part.count / (side * side * 3), side, side, 3), copying: Array(part)))
    }
    return result
  }
}
