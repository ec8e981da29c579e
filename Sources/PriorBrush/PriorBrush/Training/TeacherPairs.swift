import JSON
public import NeuralNetwork

/// Noise, captions and what a teacher's sampler makes of them: examples of the map that a one-step student is to learn.
///
/// The noise of a pair is not stored: it is stream 0 of the pair's seed, as for every image that is generated.
public struct TeacherPairs: Sendable {
  /// The caption of each pair.
  public let captions: [String]
  /// The teacher's images, `N · R · R · 3` values in [-1, 1].
  public let images: [Float]
  /// Side of the images in pixels.
  public let resolution: Int
  /// The seed that the pairs' seeds are made of.
  public let seed: UInt64

  /// Joins captions and images.
  ///
  /// - Parameters:
  ///   - captions: The caption of each pair.
  ///   - images: As many images, `R · R · 3` values each.
  ///   - resolution: Side of the images in pixels.
  ///   - seed: The seed that the pairs' seeds are made of, below 2³².
  public init(captions: [String], images: [Float], resolution: Int, seed: UInt64) {
    precondition(images.count == captions.count * resolution * resolution * 3, "not one image a caption")
    self.captions = captions
    self.images = images
    self.resolution = resolution
    self.seed = seed
  }

  /// Number of pairs.
  public var count: Int { captions.count }

  /// Returns the seed of a pair's noise.
  ///
  /// - Parameters:
  ///   - row: The pair's position.
  ///   - seed: The seed of all pairs, below 2³².
  /// - Returns: A seed of its own for each pair of each set.
  public static func noiseSeed(_ row: Int, of seed: UInt64) -> UInt64 { seed << 32 + UInt64(row) }

  /// Returns the noise of some pairs.
  ///
  /// - Parameter rows: Positions, each below `count`.
  /// - Returns: Normal numbers, as many as the images of those pairs have values.
  package func noise(of rows: [Int]) -> [Float] {
    Noise.values(
      seeds: rows.map { Self.noiseSeed($0, of: seed) }, stream: .generation, count: resolution * resolution * 3)
  }

  /// Reads pairs.
  ///
  /// - Parameter path: A file that `write` made.
  /// - Throws: `NeuralNetworkError` if it cannot be read, `PriorBrushError` with code `.invalidModel` if it holds no pairs.
  public init(contentsOf path: String) throws {
    let file = try SafeTensors.read(path)
    guard file.metadata["kind"] == Self.kind, let seed = file.metadata["seed"].flatMap(UInt64.init),
      let shape = file.entries["images"]?.shape, shape.count == 4, shape[1] == shape[2], shape[3] == 3,
      let list = file.metadata["captions"], let json = try? JSONValue(parsing: Array(list.utf8)),
      let captions = json.arrayValue?.compactMap(\.stringValue), captions.count == shape[0], !captions.isEmpty
    else {
      throw PriorBrushError(
        .invalidModel, "\(path) holds no pairs of a teacher; name the artifact of a stage that draws them")
    }
    self.init(captions: captions, images: try file.floats("images"), resolution: shape[1], seed: seed)
  }

  /// Writes the pairs atomically, with half-precision images.
  ///
  /// - Parameter path: The file to write.
  /// - Throws: `NeuralNetworkError` if the file cannot be written.
  public func write(to path: String) throws {
    let images = NamedTensor("images", shape: [count, resolution, resolution, 3], values: images)
    try SafeTensors.write(
      path, tensors: [images],
      metadata: [
        "kind": Self.kind, "seed": String(seed),
        "captions": CanonicalJSON.text(of: .array(captions.map { .string($0) })),
      ], half: true)
  }

  private static let kind = "pairs"
}

/// A teacher's pairs with their captions encoded, ready to be trained on.
public struct EncodedPairs: Sendable {
  /// The pairs.
  public let pairs: TeacherPairs
  /// Their captions, encoded.
  public let captions: EncodedCaptions

  /// Encodes the captions.
  ///
  /// - Parameters:
  ///   - pairs: The pairs.
  ///   - text: The teacher's text encoder.
  ///   - session: The calling thread's session; it is reset.
  public init(_ pairs: TeacherPairs, text: TextModel, session: Session) {
    self.pairs = pairs
    captions = text.encode(pairs.captions, session: session)
  }
}
