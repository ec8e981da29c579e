public import NeuralNetwork

/// Trains an autoencoder to reproduce images.
public final class AutoencoderTraining: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// Steps in all.
  public let steps: Int
  /// Images a step.
  public let batch: Int
  /// The exponential average, the weights to use.
  public var average: Weights { state.average.weights }

  private let autoencoder = Autoencoder()
  private let source: any ExampleSource
  private let learningRate: Float
  private let seed: UInt64
  private let state: OptimizedWeights
  private let parallel: DataParallel

  /// Creates a training at step 0.
  ///
  /// - Parameters:
  ///   - source: Source of training images, their side a multiple of 16.
  ///   - images: Images in all.
  ///   - batch: Images a step.
  ///   - learningRate: Peak learning rate of AdamW, falling to zero along a cosine.
  ///   - seed: Seed of initialisation and draws.
  public init(
    source: any ExampleSource, images: Int, batch: Int = 16, learningRate: Float = 3e-3, seed: UInt64
  ) {
    self.source = source
    self.batch = batch
    self.learningRate = learningRate
    self.seed = seed
    steps = images / batch
    state = OptimizedWeights(
      Weights(autoencoder.layout, seed: seed), .init(betas: (0.9, 0.99), weightDecay: 0.01, averageDecay: 0.99))
    parallel = DataParallel(layouts: [autoencoder.layout], shards: 2)
  }

  /// Does one step.
  ///
  /// - Returns: The reconstruction error: mean absolute errors of pixels and of their differences to neighbours.
  /// - Throws: `PriorBrushError` with code `.diverged` if it is not finite.
  public func advance() throws -> Double {
    let loss = try parallel.run(batch: batch) { shard in trainShard(shard) }.reduce(0, +)
    guard loss.isFinite else {
      throw PriorBrushError(
        .diverged, "training of the autoencoder diverged at step \(step): lower the learning rate \(learningRate)")
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    state.step(
      parallel.gradients[0],
      learningRate: LearningRate(peak: learningRate, warmupSteps: 50).value(at: step, of: steps))
    step += 1
    return loss
  }

  private func trainShard(_ shard: Shard) -> Double {
    let side = source.resolution
    let session = shard.session
    session.reset(recording: true)
    var stream = RandomStream(seed: seed, stream: UInt64(step * parallel.shards.count + shard.index))
    let images = session.tensor(Shape(shard.range.count, side, side, 3))
    _ = source.draw(shard.range.count, into: images.buffer, using: &stream)
    let pass = Pass(session: session, weights: state.weights, gradients: shard.gradients[0])
    let restored = autoencoder.decode(autoencoder.encode(images, pass), pass)
    let error = ReconstructionError(restored, target: images, total: batch * side * side * 3)
    error.gradient.withUnsafeBufferPointer { session.backward(from: [(restored, $0)]) }
    return error.value
  }

  /// Writes weights, average and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["autoencoder": state]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["autoencoder": state], from: path)
  }
}
