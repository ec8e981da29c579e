import Foundation
public import NeuralNetwork

/// The settings of a teacher's training.
public struct TeacherRecipe: Sendable {
  /// Images a step.
  public var batch = 32
  /// Images in all.
  public var images = 1_000_000
  /// Peak learning rate of AdamW, falling to zero along a cosine.
  public var learningRate: Float = 1.5e-3
  /// Decoupled weight decay of matrices and kernels.
  public var weightDecay: Float = 0.01
  /// Share of examples trained without their caption, for guidance.
  public var captionDropout: Float = 0.1
  /// Times are `u^timeSkew` with `u` uniform: below 1 trains more on noisy images.
  public var timeSkew: Float = 0.6
  /// Largest gradient norm.
  public var clip: Float = 1
  /// Decay of the exponential average that is kept as the teacher.
  public var averageDecay: Float = 0.999
  /// Seed of initialisation and all draws.
  public var seed: UInt64 = 1

  /// Creates the recipe with its defaults.
  public init() {}
}

/// Trains text encoder and U-Net together to predict the velocity of noised images.
///
/// - Source: Ho et al., "Denoising Diffusion Probabilistic Models", 2020, with v-prediction (Salimans and Ho, 2022) and caption
///   dropout (Ho and Salimans, "Classifier-Free Diffusion Guidance", 2022).
public final class TeacherTraining: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// The exponential averages of text encoder and U-Net, the weights to use.
  public var average: (text: Weights, network: Weights) { (textState.average.weights, networkState.average.weights) }

  private let recipe: TeacherRecipe
  private let encoder: TextEncoder
  private let network: UNet
  private let examples: TrainingExamples
  private let space: LatentSpace
  private let parallel: DataParallel
  private let textState: OptimizedWeights
  private let networkState: OptimizedWeights

  /// Creates a training at step 0.
  ///
  /// - Parameters:
  ///   - configuration: Sizes of the networks.
  ///   - recipe: Settings.
  ///   - examples: Source of training images, of the side that the space has for the configuration.
  ///   - space: What the networks see of the images.
  ///   - start: A teacher of the same configuration and space to go on from, or nil for fresh weights.
  /// - Throws: `NeuralNetworkError` if the start lacks a tensor.
  public init(
    _ configuration: NetworkConfiguration, recipe: TeacherRecipe, examples: TrainingExamples,
    space: LatentSpace = .pixels, start: ModelFile? = nil
  ) throws {
    self.recipe = recipe
    self.examples = examples
    self.space = space
    encoder = TextEncoder(configuration)
    network = UNet(configuration)
    let settings = OptimizedWeights.Settings(
      betas: (0.9, 0.99), weightDecay: recipe.weightDecay, averageDecay: recipe.averageDecay)
    textState = OptimizedWeights(
      try start?.weights(encoder.layout, prefix: "text.") ?? Weights(encoder.layout, seed: recipe.seed), settings)
    networkState = OptimizedWeights(
      try start?.weights(network.layout, prefix: "network.") ?? Weights(network.layout, seed: recipe.seed + 1),
      settings)
    parallel = DataParallel(layouts: [encoder.layout, network.layout], shards: Self.shards)
  }

  /// Steps in all.
  public var steps: Int { recipe.images / recipe.batch }
  /// Images a step.
  public var batch: Int { recipe.batch }

  /// Does one step.
  ///
  /// - Returns: The mean squared error of the velocity.
  /// - Throws: `PriorBrushError` with code `.diverged` if the loss is not finite.
  public func advance() throws -> Double {
    let losses = try parallel.run(batch: recipe.batch) { shard in trainShard(shard) }
    let loss = losses.reduce(0, +)
    guard loss.isFinite else {
      throw PriorBrushError(
        .diverged, "teacher training diverged at step \(step): lower the learning rate \(recipe.learningRate)")
    }
    GradientClipping.clip(parallel.gradients, to: recipe.clip)
    let rate = LearningRate(peak: recipe.learningRate, warmupSteps: 200).value(at: step, of: steps)
    textState.step(parallel.gradients[0], learningRate: rate)
    networkState.step(parallel.gradients[1], learningRate: rate)
    step += 1
    return loss
  }

  private func trainShard(_ shard: Shard) -> Double {
    let configuration = network.configuration
    let size = configuration.imageCount
    let count = shard.range.count
    let session = shard.session
    session.reset(recording: true)
    var stream = RandomStream(seed: recipe.seed, stream: UInt64(step * parallel.shards.count + shard.index) + 1 << 32)
    let drawn = session.tensor(Shape(count, examples.side, examples.side, 3))
    let drawnSize = drawn.count / count
    let target = session.tensor(Shape(count, configuration.resolution, configuration.resolution, 3))
    func part(_ tensor: Tensor, _ row: Int, _ size: Int) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(start: tensor.data + row * size, count: size)
    }
    var captions: [[Int32]] = []
    var times: [Float] = []
    for row in 0..<count {
      let caption = examples.draw(into: part(drawn, row, drawnSize), using: &stream)
      captions.append(stream.uniform() < recipe.captionDropout ? Array(caption.prefix(1)) : caption)
      times.append(pow(stream.uniform(), recipe.timeSkew))
      let noise = part(target, row, size)
      for index in noise.indices { noise[index] = stream.normal() }
    }
    let noisy = space.encode(drawn, in: session)
    for (row, time) in times.enumerated() {
      NoiseSchedule.mix(part(noisy, row, size), noise: part(target, row, size), time: time)
    }
    let text = encoder(captions, Pass(session: session, weights: textState.weights, gradients: shard.gradients[0]))
    let velocity = network(
      noisy, times: times, text: text,
      Pass(session: session, weights: networkState.weights, gradients: shard.gradients[1]))
    return session.backwardSquaredError(velocity, target: target, total: recipe.batch * size)
  }

  /// Writes weights, averages and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["text": textState, "network": networkState]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["text": textState, "network": networkState], from: path)
  }
}
