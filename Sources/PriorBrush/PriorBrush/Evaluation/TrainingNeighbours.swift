public import NeuralNetwork

/// Finds the training image that is nearest to an image, in pixels and in an encoder's space.
///
/// A training image is any version of a training example: every shift, mirrored or not, on the background that the image was to have.
/// In pixels all examples are compared at a quarter of the resolution, where a shift hardly counts, and then every version of the
/// nearest ones. In the encoder's space all examples are compared as they are and mirrored, and then versions of the nearest ones
/// with no or the largest shift in either direction.
public final class TrainingNeighbours {
  /// The nearest training images of one image.
  public struct Finding: Sendable {
    /// The example whose version is nearest in pixels.
    public var example: Int
    /// The root mean square difference from that version, for values in [-1, 1].
    public var pixelDistance: Double
    /// The same for the nearest version of another example; infinite if there is none.
    public var secondPixelDistance: Double
    /// The version that is nearest in pixels, `R · R · 3` values.
    public var image: [Float]
    /// The example whose version is nearest in the encoder's space.
    public var embeddedExample: Int
    /// Its distance there, in [0, 2].
    public var embeddedDistance: Double
    /// The version that is nearest in the encoder's space.
    public var embeddedImage: [Float]
  }

  /// Plain and mirrored versions of all training examples on one background.
  private struct Background {
    var small: [Float]
    var embeddings: [Float]
    /// The place in `examples` of each version.
    var places: [Int]
  }

  private struct Version {
    var right = 0
    var down = 0
    var isMirrored = false
  }

  private let sampler: ExampleSampler
  private let space: EmbeddingSpace
  private let session: Session
  private let examples: [Int]
  private var backgrounds: [String?: Background] = [:]
  private static let reduction = 4
  private static let pixelCandidates = 16
  private static let embeddingCandidates = 3

  private var side: Int { sampler.resolution }
  private var size: Int { side * side * 3 }

  /// Prepares to search.
  ///
  /// - Parameters:
  ///   - sampler: The data set, at the encoder's resolution.
  ///   - space: The encoder.
  ///   - session: The calling thread's session.
  public init(_ sampler: ExampleSampler, space: EmbeddingSpace, session: Session) {
    precondition(sampler.resolution == space.resolution, "a sampler and an encoder of different resolutions")
    self.sampler = sampler
    self.space = space
    self.session = session
    examples = sampler.dataset.trainingIndices
  }

  /// Searches for each image.
  ///
  /// - Parameters:
  ///   - images: One image a prompt, `N · R · R · 3` values in [-1, 1].
  ///   - prompts: What the images were to show; only the backgrounds count.
  /// - Returns: One finding an image.
  /// - Complexity: O(N · examples · R²).
  public func findings(for images: [Float], of prompts: EvaluationPrompts) -> [Finding] {
    let small = BoxReduction.reduced(images, side: side, to: side / Self.reduction)
    let smallSize = small.count / max(prompts.prompts.count, 1)
    let embeddings = space.embed(images: images, session: session)
    let width = EmbeddingSpace.width
    return prompts.prompts.enumerated().map { row, prompt in
      let image = Array(images[row * size..<(row + 1) * size])
      let background = background(prompt.background)
      let near = candidates(
        Self.squares(Array(small[row * smallSize..<(row + 1) * smallSize]), background.small), background.places,
        count: Self.pixelCandidates)
      let versions = near.map { nearestVersion(of: $0, on: prompt.background, to: image) }
        .sorted { $0.distance < $1.distance }
      let embedding = Array(embeddings[row * width..<(row + 1) * width])
      let similar = candidates(
        Self.squares(embedding, background.embeddings), background.places, count: Self.embeddingCandidates)
      let embedded = nearestEmbedding(of: similar, on: prompt.background, to: embedding)
      func root(_ squares: Float) -> Double { Double(squares / Float(size)).squareRoot() }
      return Finding(
        example: versions[0].example, pixelDistance: root(versions[0].distance),
        secondPixelDistance: versions.count > 1 ? root(versions[1].distance) : .infinity, image: versions[0].image,
        embeddedExample: embedded.example, embeddedDistance: Double(embedded.distance).squareRoot(),
        embeddedImage: embedded.image)
    }
  }

  /// The nearest examples by the distances of their versions.
  private func candidates(_ distances: [Float], _ places: [Int], count: Int) -> [Int] {
    var found: [Int] = []
    for version in distances.indices.sorted(by: { distances[$0] < distances[$1] }) {
      let example = examples[places[version]]
      if !found.contains(example) { found.append(example) }
      if found.count == count { break }
    }
    return found
  }

  private func background(_ colour: NamedColour?) -> Background {
    if let known = backgrounds[colour?.name] { return known }
    var places: [Int] = []
    var pixels: [Float] = []
    for (place, example) in examples.enumerated() {
      for version in versions(of: example, shifts: [0]) {
        pixels += render(example, version, on: colour)
        places.append(place)
      }
    }
    let made = Background(
      small: BoxReduction.reduced(pixels, side: side, to: side / Self.reduction),
      embeddings: space.embed(images: pixels, session: session), places: places)
    backgrounds[colour?.name] = made
    return made
  }

  private func versions(of example: Int, shifts: [Int]) -> [Version] {
    let mirrors = sampler.dataset.examples[example].isMirrorable ? [false, true] : [false]
    return shifts.flatMap { right in
      shifts.flatMap { down in
        mirrors.map { Version(right: right, down: down, isMirrored: $0) }
      }
    }
  }

  private func render(_ example: Int, _ version: Version, on colour: NamedColour?) -> [Float] {
    [Float](unsafeUninitializedCapacity: size) { buffer, count in
      buffer.initialize(repeating: 0)
      sampler.renderVariant(
        example, on: colour, right: version.right, down: version.down, isMirrored: version.isMirrored, into: buffer)
      count = size
    }
  }

  private func nearestVersion(
    of example: Int, on colour: NamedColour?, to image: [Float]
  ) -> (example: Int, distance: Float, image: [Float]) {
    let reach = sampler.augmentation.maximumShift
    var best = (example: example, distance: Float.infinity, image: image)
    for version in versions(of: example, shifts: Array(-reach...reach)) {
      let candidate = render(example, version, on: colour)
      let distance = Self.squares(image, candidate)[0]
      if distance < best.distance { best = (example, distance, candidate) }
    }
    return best
  }

  private func nearestEmbedding(
    of candidates: [Int], on colour: NamedColour?, to embedding: [Float]
  ) -> (example: Int, distance: Float, image: [Float]) {
    let reach = sampler.augmentation.maximumShift
    let rendered = candidates.flatMap { example in
      versions(of: example, shifts: [-reach, 0, reach]).map { (example, render(example, $0, on: colour)) }
    }
    let distances = Self.squares(embedding, space.embed(images: rendered.flatMap(\.1), session: session))
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return (rendered[best].0, distances[best], rendered[best].1)
  }

  /// Squared distances of a vector from the rows of a matrix of the same width.
  private static func squares(_ vector: [Float], _ rows: [Float]) -> [Float] {
    let width = vector.count
    let lanes = 16
    return vector.withUnsafeBytes { vector in
      rows.withUnsafeBytes { rows in
        (0..<rows.count / (4 * width)).map { row in
          var sums = SIMD16<Float>.zero
          var index = 0
          while index + lanes <= width {
            let difference =
              vector.loadUnaligned(fromByteOffset: 4 * index, as: SIMD16<Float>.self)
              - rows.loadUnaligned(fromByteOffset: 4 * (row * width + index), as: SIMD16<Float>.self)
            sums += difference * difference
            index += lanes
          }
          var rest: Float = 0
          while index < width {
            let difference =
              vector.load(fromByteOffset: 4 * index, as: Float.self)
              - rows.load(fromByteOffset: 4 * (row * width + index), as: Float.self)
            rest += difference * difference
            index += 1
          }
          return sums.sum() + rest
        }
      }
    }
  }
}
