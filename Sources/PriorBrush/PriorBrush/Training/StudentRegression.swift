public import NeuralNetwork

/// The settings of a regression.
public struct RegressionRecipe: Sendable {
  /// Images a step.
  public var batch = 32
  /// Images in all.
  public var images = 32_000
  /// Learning rate of Adam, falling to zero along a cosine.
  public var learningRate: Float = 3e-4
  /// Time at which the student sees its noise.
  public var studentTime: Float = 0.88
  /// Decay of the exponential average that is kept as the student.
  public var averageDecay: Float = 0.995
  /// Seed of all draws.
  public var seed: UInt64 = 5

  /// Creates the recipe with its defaults.
  public init() {}
}

/// Trains a student to repeat, in one step, what the teacher's sampler made of noise: the start of a distillation.
///
/// The squared error is least at the mean of what it cannot tell apart, so its images are smooth; but every one depends on its noise as
/// the teacher's does, which the difference of two scores alone does not teach.
///
/// - Source: the regression loss of Yin et al., "One-step Diffusion with Distribution Matching Distillation", 2024, on pixels.
public final class StudentRegression: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// The exponential average of the student, the weights to use.
  public var average: Weights { student.average.weights }

  private let recipe: RegressionRecipe
  private let network: UNet
  private let examples: EncodedPairs
  private let student: OptimizedWeights
  private let parallel: DataParallel

  /// Creates a regression at step 0, with the student equal to the teacher.
  ///
  /// - Parameters:
  ///   - network: The U-Net of teacher and student.
  ///   - teacher: The teacher's weights.
  ///   - examples: Pairs of images of the network's side.
  ///   - recipe: Settings.
  public init(network: UNet, teacher: Weights, examples: EncodedPairs, recipe: RegressionRecipe) {
    self.network = network
    self.examples = examples
    self.recipe = recipe
    student = OptimizedWeights(
      teacher.copy(), .init(betas: (0.9, 0.99), weightDecay: 0, averageDecay: recipe.averageDecay))
    parallel = DataParallel(layouts: [network.layout], shards: Self.shards)
  }

  /// Steps in all.
  public var steps: Int { recipe.images / recipe.batch }
  /// Images a step.
  public var batch: Int { recipe.batch }

  /// Does one step.
  ///
  /// - Returns: The mean squared difference to the teacher's images.
  /// - Throws: `PriorBrushError` with code `.diverged` if the loss is not finite.
  public func advance() throws -> Double {
    let loss = try parallel.run(batch: recipe.batch) { shard in trainShard(shard) }.reduce(0, +)
    guard loss.isFinite else {
      throw PriorBrushError(
        .diverged, "regression diverged at step \(step): lower the learning rate \(recipe.learningRate)")
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    let rate = LearningRate(peak: recipe.learningRate, warmupSteps: 50).value(at: step, of: steps)
    student.step(parallel.gradients[0], learningRate: rate)
    step += 1
    return loss
  }

  private func trainShard(_ shard: Shard) -> Double {
    let side = network.configuration.resolution
    let size = network.configuration.imageCount
    var stream = RandomStream(seed: recipe.seed, stream: UInt64(step * parallel.shards.count + shard.index))
    let rows = shard.range.map { _ in stream.integer(below: examples.pairs.count) }
    let session = shard.session
    session.reset(recording: true)
    let shape = Shape(rows.count, side, side, 3)
    let noise = session.constant(shape, copying: examples.pairs.noise(of: rows))
    let target = session.constant(
      shape, copying: rows.flatMap { examples.pairs.images[$0 * size..<($0 + 1) * size] })
    let images = network.oneStepImages(
      noise, time: recipe.studentTime, text: examples.captions.rows(rows).features(in: session),
      Pass(session: session, weights: student.weights, gradients: shard.gradients[0]))
    return session.backwardSquaredError(images, target: target, total: recipe.batch * size)
  }

  /// Writes weights, average and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["student": student]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["student": student], from: path)
  }
}
