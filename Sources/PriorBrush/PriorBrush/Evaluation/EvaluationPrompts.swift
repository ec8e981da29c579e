import NeuralNetwork

/// Prompts with the real images they belong to.
public struct EvaluationPrompts: Sendable {
  /// One prompt.
  public struct Prompt: Sendable {
    /// The text.
    public var text: String
    /// The example it names.
    public var example: Int
    /// The background it names, if any.
    public var background: NamedColour?
  }

  /// The examples that prompts are drawn from.
  public enum Split: String, Sendable, CaseIterable {
    /// Those that are trained on.
    case training
    /// Those that are kept from training.
    case heldOut = "held-out"
  }

  /// The prompts.
  public let prompts: [Prompt]
  private let sampler: ExampleSampler

  /// Draws prompts: names of examples, 65 % on white and the others on a named background of a trained pair.
  ///
  /// - Parameters:
  ///   - sampler: The data set.
  ///   - count: Number of prompts.
  ///   - seed: Seed of the draws.
  ///   - split: The examples to draw from, at least one.
  public init(_ sampler: ExampleSampler, count: Int, seed: UInt64, split: Split = .training) {
    var stream = RandomStream(seed: seed, stream: 0)
    let candidates = split == .training ? sampler.dataset.trainingIndices : sampler.dataset.heldOutIndices
    let augmentation = sampler.augmentation
    var pixels = [Float](repeating: 0, count: sampler.resolution * sampler.resolution * 3)
    prompts = (0..<count).map { _ in
      let example = candidates[stream.integer(below: candidates.count)]
      let colours = sampler.namedBackgrounds(of: example)
      var background: NamedColour?
      if stream.uniform() >= augmentation.whiteProbability, !colours.isEmpty {
        background = colours[stream.integer(below: colours.count)]
      }
      let text = pixels.withUnsafeMutableBufferPointer { sampler.renderReference(example, on: background, into: $0) }
      return Prompt(text: text, example: example, background: background)
    }
    self.sampler = sampler
  }

  /// Draws prompts from a split that may be empty.
  ///
  /// - Parameters:
  ///   - sampler: The data set.
  ///   - count: Number of prompts.
  ///   - seed: Seed of the draws.
  ///   - split: The examples to draw from.
  /// - Throws: `DatasetError` with code `.empty` if there are none.
  public init(
    _ sampler: ExampleSampler, drawing count: Int, seed: UInt64, split: Split
  ) throws(DatasetError) {
    guard split == .training || !sampler.dataset.heldOutIndices.isEmpty else {
      throw DatasetError(
        .empty, path: sampler.dataset.name,
        message:
          "data set \(sampler.dataset.name) keeps no example from training; mark some as 'heldOut' in its captions.jsonl"
      )
    }
    self.init(sampler, count: count, seed: seed, split: split)
  }

  private init(_ prompts: [Prompt], _ sampler: ExampleSampler) {
    self.prompts = prompts
    self.sampler = sampler
  }

  /// Returns the prompts with each one several times in a row.
  ///
  /// - Parameter times: How often, at least once.
  /// - Returns: `times` as many prompts.
  public func repeated(_ times: Int) -> EvaluationPrompts {
    EvaluationPrompts(prompts.flatMap { [Prompt](repeating: $0, count: times) }, sampler)
  }

  /// The names of all examples, by their position.
  public var exampleNames: [String] { sampler.dataset.examples.map(\.caption) }

  /// The texts.
  public var texts: [String] { prompts.map(\.text) }

  /// Renders a real image of every prompt, shifted and mirrored at random as in training.
  ///
  /// - Parameter seed: Seed of the variation.
  /// - Returns: `N · R · R · 3` values in [-1, 1].
  public func realImages(seed: UInt64) -> [Float] {
    let size = sampler.resolution * sampler.resolution * 3
    var images = [Float](repeating: 0, count: prompts.count * size)
    var stream = RandomStream(seed: seed, stream: 1)
    let reach = sampler.augmentation.maximumShift
    images.withUnsafeMutableBufferPointer { buffer in
      for (row, prompt) in prompts.enumerated() {
        let right = stream.integer(below: 2 * reach + 1) - reach
        let down = stream.integer(below: 2 * reach + 1) - reach
        let isMirrored =
          stream.uniform() < sampler.augmentation.mirrorProbability
          && sampler.dataset.examples[prompt.example].isMirrorable
        sampler.renderVariant(
          prompt.example, on: prompt.background, right: right, down: down, isMirrored: isMirrored,
          into: UnsafeMutableBufferPointer(rebasing: buffer[row * size..<(row + 1) * size]))
      }
    }
    return images
  }

  /// Finds, for every image, the nearest of the real versions of its prompt: every shift, mirrored or not.
  ///
  /// - Parameter images: `N · R · R · 3` values in [-1, 1].
  /// - Returns: The nearest real images by mean squared error, of the same form.
  public func nearestReal(to images: [Float]) -> [Float] {
    let size = sampler.resolution * sampler.resolution * 3
    let reach = sampler.augmentation.maximumShift
    var nearest = images
    var candidate = [Float](repeating: 0, count: size)
    for (row, prompt) in prompts.enumerated() {
      var best = Float.infinity
      let mirrors = sampler.dataset.examples[prompt.example].isMirrorable ? [false, true] : [false]
      for right in -reach...reach {
        for down in -reach...reach {
          for isMirrored in mirrors {
            candidate.withUnsafeMutableBufferPointer {
              sampler.renderVariant(
                prompt.example, on: prompt.background, right: right, down: down, isMirrored: isMirrored, into: $0)
            }
            var distance: Float = 0
            for index in 0..<size {
              let difference = candidate[index] - images[row * size + index]
              distance += difference * difference
            }
            if distance < best {
              best = distance
              nearest.replaceSubrange(row * size..<(row + 1) * size, with: candidate)
            }
          }
        }
      }
    }
    return nearest
  }
}
