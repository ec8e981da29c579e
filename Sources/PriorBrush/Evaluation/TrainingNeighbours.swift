public import NeuralNetwork

/// Finds the training image that is nearest to an image, in pixels and in an encoder's space.
///
/// A training image is any version of a training example: every shift, mirrored or not, on the background that the image was to have.
/// In pixels the plain versions of all examples are compared first and all versions of the four nearest examples after that.
public final class TrainingNeighbours {
  /// The nearest training images of one image.
  public struct Finding: Sendable {
    /// The example whose version is nearest in pixels.
    public var example: Int
    /// The root mean square difference from that version, for values in [-1, 1].
    public var pixelDistance: Double
    /// The same for the nearest version of another example among the four; infinite if there is none.
    public var secondPixelDistance: Double
    /// The version that is nearest in pixels, `R · R · 3` values.
    public var image: [Float]
    /// The example whose plain version is nearest in the encoder's space.
    public var embeddedExample: Int
    /// Its distance there, in [0, 2].
    public var embeddedDistance: Double
  }

  private struct Background {
    var pixels: [Float]
    var embeddings: [Float]
  }

  private let sampler: ExampleSampler
  private let space: EmbeddingSpace
  private let session: Session
  private let examples: [Int]
  private var backgrounds: [String?: Background] = [:]
  private static let candidates = 4

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
    let size = sampler.resolution * sampler.resolution * 3
    let embeddings = space.embed(images: images, session: session)
    let width = EmbeddingSpace.width
    return prompts.prompts.enumerated().map { row, prompt in
      let image = Array(images[row * size..<(row + 1) * size])
      let background = background(prompt.background)
      let distances = Self.squares(image, background.pixels)
      let near = examples.indices.sorted { distances[$0] < distances[$1] }.prefix(Self.candidates)
      let versions = near.map { nearestVersion(of: examples[$0], on: prompt.background, to: image) }
        .sorted { $0.distance < $1.distance }
      let embedded = Self.squares(Array(embeddings[row * width..<(row + 1) * width]), background.embeddings)
      let place = embedded.indices.min { embedded[$0] < embedded[$1] } ?? 0
      func root(_ squares: Float) -> Double { Double(squares / Float(size)).squareRoot() }
      return Finding(
        example: versions[0].example, pixelDistance: root(versions[0].distance),
        secondPixelDistance: versions.count > 1 ? root(versions[1].distance) : .infinity, image: versions[0].image,
        embeddedExample: examples[place], embeddedDistance: Double(embedded[place]).squareRoot())
    }
  }

  /// The plain versions of all training examples on one background.
  private func background(_ colour: NamedColour?) -> Background {
    if let known = backgrounds[colour?.name] { return known }
    let size = sampler.resolution * sampler.resolution * 3
    var pixels = [Float](repeating: 0, count: examples.count * size)
    pixels.withUnsafeMutableBufferPointer { buffer in
      for (row, example) in examples.enumerated() {
        sampler.renderReference(
          example, on: colour, into: UnsafeMutableBufferPointer(rebasing: buffer[row * size..<(row + 1) * size]))
      }
    }
    let made = Background(pixels: pixels, embeddings: space.embed(images: pixels, session: session))
    backgrounds[colour?.name] = made
    return made
  }

  private func nearestVersion(
    of example: Int, on colour: NamedColour?, to image: [Float]
  ) -> (example: Int, distance: Float, image: [Float]) {
    let reach = sampler.augmentation.maximumShift
    let mirrors = sampler.dataset.examples[example].isMirrorable ? [false, true] : [false]
    var candidate = image
    var best = (example: example, distance: Float.infinity, image: image)
    for right in -reach...reach {
      for down in -reach...reach {
        for isMirrored in mirrors {
          candidate.withUnsafeMutableBufferPointer {
            sampler.renderVariant(example, on: colour, right: right, down: down, isMirrored: isMirrored, into: $0)
          }
          let distance = Self.squares(image, candidate)[0]
          if distance < best.distance { best = (example, distance, candidate) }
        }
      }
    }
    return best
  }

  /// Squared distances of a vector from the rows of a matrix of the same width.
  private static func squares(_ vector: [Float], _ rows: [Float]) -> [Float] {
    let width = vector.count
    return vector.withUnsafeBufferPointer { vector in
      rows.withUnsafeBufferPointer { rows in
        (0..<rows.count / width).map { row in
          var sums = SIMD8<Float>.zero
          var index = 0
          while index + 8 <= width {
            var difference = SIMD8<Float>.zero
            for lane in 0..<8 { difference[lane] = vector[index + lane] - rows[row * width + index + lane] }
            sums += difference * difference
            index += 8
          }
          var rest: Float = 0
          while index < width {
            let difference = vector[index] - rows[row * width + index]
            rest += difference * difference
            index += 1
          }
          return sums.sum() + rest
        }
      }
    }
  }
}
