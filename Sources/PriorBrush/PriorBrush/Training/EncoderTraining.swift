import Foundation
public import NeuralNetwork

/// Trains the image-text encoder by contrast: an image's own caption against all other captions of the batch, and the reverse.
///
/// - Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021, with a fixed temperature.
public final class EncoderTraining: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// Steps in all.
  public let steps: Int
  /// Images a step.
  public let batch = 96
  /// The exponential average, the weights to use.
  public var average: Weights { state.average.weights }

  private static let temperature: Float = 0.07
  private let encoder: ImageTextEncoder
  private let examples: TrainingExamples
  private let side: Int
  private let seed: UInt64
  private let state: OptimizedWeights
  private let parallel: DataParallel

  /// Creates a training at step 0.
  ///
  /// - Parameters:
  ///   - encoder: The network.
  ///   - examples: Source of training images.
  ///   - side: Side of the images in pixels.
  ///   - images: Images in all.
  ///   - seed: Seed of initialisation and draws.
  public init(encoder: ImageTextEncoder, examples: TrainingExamples, side: Int, images: Int, seed: UInt64) {
    self.encoder = encoder
    self.examples = examples
    self.side = side
    self.seed = seed
    steps = images / batch
    state = OptimizedWeights(
      Weights(encoder.layout, seed: seed), .init(betas: (0.9, 0.99), weightDecay: 0.01, averageDecay: 0.99))
    parallel = DataParallel(layouts: [encoder.layout], shards: Self.shards)
  }

  /// Does one step.
  ///
  /// - Returns: The mean of both cross entropies, in nats.
  /// - Throws: `PriorBrushError` with code `.diverged` if it is not finite.
  public func advance() throws -> Double {
    let halves = try parallel.run(batch: batch) { shard in embedShard(shard) }
    var images: [Float] = []
    var captions: [Float] = []
    for half in halves {
      images += half.images.buffer
      captions += half.captions.buffer
    }
    let contrast = Contrast(images: images, captions: captions, temperature: Self.temperature)
    guard contrast.loss.isFinite else {
      throw PriorBrushError(.diverged, "encoder training diverged at step \(step)")
    }
    _ = try parallel.run(batch: batch) { shard in
      let range = shard.range.lowerBound * ImageTextEncoder.width..<shard.range.upperBound * ImageTextEncoder.width
      contrast.imageGradient.withUnsafeBufferPointer { image in
        contrast.captionGradient.withUnsafeBufferPointer { caption in
          shard.session.backward(from: [
            (halves[shard.index].images, UnsafeBufferPointer(rebasing: image[range])),
            (halves[shard.index].captions, UnsafeBufferPointer(rebasing: caption[range])),
          ])
        }
      }
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    state.step(
      parallel.gradients[0], learningRate: LearningRate(peak: 1e-3, warmupSteps: 100).value(at: step, of: steps))
    step += 1
    return contrast.loss
  }

  private struct Embeddings: @unchecked Sendable {
    // Arena memory of the shard's session, untouched between the forward and the backward run of one step.
    var images: Tensor
    var captions: Tensor
  }

  private func embedShard(_ shard: Shard) -> Embeddings {
    let size = side * side * 3
    let session = shard.session
    session.reset(recording: true)
    var stream = RandomStream(seed: seed, stream: UInt64(step * parallel.shards.count + shard.index))
    let images = session.tensor(Shape(shard.range.count, side, side, 3))
    let captions = (0..<shard.range.count).map { row in
      examples.draw(into: UnsafeMutableBufferPointer(start: images.data + row * size, count: size), using: &stream)
    }
    let pass = Pass(session: session, weights: state.weights, gradients: shard.gradients[0])
    return Embeddings(images: encoder.embed(images: images, pass), captions: encoder.embed(captions: captions, pass))
  }

  /// Writes weights, average and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["encoder": state]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["encoder": state], from: path)
  }
}
