import Foundation
public import NeuralNetwork

/// The settings of the training of a cheaper refinement network.
public struct RefinerRecipe: Sendable {
  /// Images a step.
  public var batch = 32
  /// Images in all.
  public var images = 60_000
  /// Peak learning rate of AdamW, falling to zero along a cosine.
  public var learningRate: Float = 1.5e-3
  /// Highest noise level trained, as a diffusion time.
  public var startTime: Float = 0.6
  /// Decay of the exponential average that is kept.
  public var averageDecay: Float = 0.998
  /// Seed of initialisation and all draws.
  public var seed: UInt64 = 3

  /// Creates the recipe with its defaults.
  public init() {}
}

/// Distils the teacher, on the student's own images and at refinement noise levels only, into a narrower network.
///
/// The target is the teacher's clean image, a function of the input, so nothing is averaged over possible details as it would be
/// against real images.
public final class RefinerDistillation: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// The exponential average, the weights to use.
  public var average: Weights { state.average.weights }

  private let recipe: RefinerRecipe
  private let narrow: UNet
  private let full: UNet
  private let teacher: Weights
  private let student: Weights
  private let studentTime: Float
  private let captions: EncodedCaptions
  private let parallel: DataParallel
  private let evaluation: [Session]
  private let state: OptimizedWeights

  /// Creates a distillation at step 0.
  ///
  /// - Parameters:
  ///   - narrow: The network to train.
  ///   - full: The network of teacher and student.
  ///   - teacher: The teacher's weights.
  ///   - student: The student's weights.
  ///   - studentTime: The time the student was distilled at.
  ///   - captions: Encoded training captions, drawn uniformly.
  ///   - recipe: Settings.
  public init(
    narrow: UNet, full: UNet, teacher: Weights, student: Weights, studentTime: Float, captions: EncodedCaptions,
    recipe: RefinerRecipe
  ) {
    self.narrow = narrow
    self.full = full
    self.teacher = teacher
    self.student = student
    self.studentTime = studentTime
    self.captions = captions
    self.recipe = recipe
    state = OptimizedWeights(
      Weights(narrow.layout, seed: recipe.seed),
      .init(betas: (0.9, 0.99), weightDecay: 0.01, averageDecay: recipe.averageDecay))
    parallel = DataParallel(layouts: [narrow.layout], shards: Self.shards)
    evaluation = (0..<Self.shards).map { _ in Session() }
  }

  /// Steps in all.
  public var steps: Int { recipe.images / recipe.batch }
  /// Images a step.
  public var batch: Int { recipe.batch }

  /// Does one step.
  ///
  /// - Returns: The mean squared difference to the teacher's velocity.
  /// - Throws: `PriorBrushError` with code `.diverged` if the loss is not finite.
  public func advance() throws -> Double {
    let loss = try parallel.run(batch: recipe.batch) { shard in trainShard(shard) }.reduce(0, +)
    guard loss.isFinite else {
      throw PriorBrushError(
        .diverged, "refiner training diverged at step \(step): lower the learning rate \(recipe.learningRate)")
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    let rate = LearningRate(peak: recipe.learningRate, warmupSteps: 100).value(at: step, of: steps)
    state.step(parallel.gradients[0], learningRate: rate)
    step += 1
    return loss
  }

  private func trainShard(_ shard: Shard) -> Double {
    let configuration = narrow.configuration
    let size = configuration.imageCount
    let count = shard.range.count
    var stream = RandomStream(seed: recipe.seed, stream: UInt64(step * parallel.shards.count + shard.index))
    let text = captions.rows((0..<count).map { _ in Int(stream.uniform() * Float(captions.count)) })
    let session = evaluation[shard.index]
    var noise = [Float](repeating: 0, count: count * size)
    noise.withUnsafeMutableBufferPointer { stream.fill(normal: $0) }
    let coarse = Denoiser(network: full, weights: student, session: session).cleanImages(
      noise, times: [Float](repeating: studentTime, count: count), captions: text, limit: 1)
    noise.withUnsafeMutableBufferPointer { stream.fill(normal: $0) }
    let times = (0..<count).map { _ in 0.05 + (recipe.startTime - 0.05) * stream.uniform() }
    for index in noise.indices {
      let time = times[index / size]
      noise[index] = NoiseSchedule.alpha(time) * coarse[index] + NoiseSchedule.sigma(time) * noise[index]
    }
    let clean = Denoiser(network: full, weights: teacher, session: session).cleanImages(
      noise, times: times, captions: text, limit: 1.05)

    let training = shard.session
    training.reset(recording: true)
    let input = training.constant(Shape(count, configuration.resolution, configuration.resolution, 3), copying: noise)
    let target = training.tensor(input.shape)
    for index in noise.indices {
      let time = times[index / size]
      target.data[index] = (NoiseSchedule.alpha(time) * noise[index] - clean[index]) / NoiseSchedule.sigma(time)
    }
    let velocity = narrow(
      input, times: times, text: text.features(in: training),
      Pass(session: training, weights: state.weights, gradients: shard.gradients[0]))
    return training.backwardSquaredError(velocity, target: target, total: recipe.batch * size)
  }

  /// Writes weights, average and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["refiner": state]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["refiner": state], from: path)
  }
}
