import Foundation
public import NeuralNetwork

/// The settings of a distillation.
public struct StudentRecipe: Sendable {
  /// How the difference of the two scores becomes a gradient.
  public enum GradientForm: String, Sendable, CaseIterable {
    /// `alpha sigma (X_fake - X_teacher)`, which is `sigma² (e_teacher - e_fake)`: the released SwiftBrush training.
    case swiftbrush
    /// `(X_fake - X_teacher) / mean |x - X_teacher|` per image, after DMD.
    case dmd
  }

  /// How the score of the student's own images is represented.
  public enum FakeScore: Sendable, Equatable {
    /// The teacher with low-rank factors of this rank on every matrix and kernel, scaled by `alpha / rank`.
    case lowRank(rank: Int, alpha: Float)
    /// A full copy of the teacher.
    case full
  }

  /// Images a step.
  public var batch = 32
  /// Images in all.
  public var images = 40_000
  /// Learning rate of the student.
  public var learningRate: Float = 3e-4
  /// Learning rate of the fake score.
  public var fakeLearningRate: Float = 6e-4
  /// Updates of the fake score for each update of the student.
  public var fakeUpdates = 1
  /// Guidance scale of the teacher's score.
  public var guidance: Float = 2
  /// Guidance scale of the fake score: 1, or the teacher's as in the released SwiftBrush training.
  public var fakeGuidance: Float = 1
  /// Form of the gradient.
  public var gradient = GradientForm.dmd
  /// Representation of the fake score.
  public var fakeScore = FakeScore.full
  /// Times at which the scores are compared.
  public var times: ClosedRange<Float> = 0.02...0.98
  /// Time at which the student sees its noise.
  public var studentTime: Float = 1
  /// Decay of the exponential average that is kept as the student.
  public var averageDecay: Float = 0.995
  /// Seed of all draws.
  public var seed: UInt64 = 2

  /// Creates the recipe with its defaults.
  public init() {}
}

/// Distils a teacher into a one-step student by variational score distillation; needs captions, no images.
///
/// The student maps noise to an image in one evaluation. A second network, the fake score, follows the distribution of the
/// student's images; the difference between its denoised images and the teacher's, at a random noise level, is the gradient of the
/// student's image. Updates alternate.
///
/// - Source: Nguyen and Tran, "SwiftBrush", CVPR 2024, and its released training code; the `dmd` form after Yin et al., "One-step
///   Diffusion with Distribution Matching Distillation", 2024.
public final class StudentDistillation: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// The exponential average of the student, the weights to use.
  public var average: Weights { student.average.weights }

  private let recipe: StudentRecipe
  private let network: UNet
  private let captions: EncodedCaptions
  private let unconditional: EncodedCaptions
  private let teacher: Weights
  private let student: OptimizedWeights
  private let fake: FakeScoreWeights
  private let parallel: DataParallel
  private let evaluation: [Session]
  private let samples: ImageBatch

  /// Creates a distillation at step 0, with student and fake score equal to the teacher.
  ///
  /// - Parameters:
  ///   - network: The U-Net of teacher and student.
  ///   - teacher: The teacher's weights.
  ///   - captions: Encoded training captions, drawn uniformly.
  ///   - unconditional: The encoded empty caption.
  ///   - recipe: Settings.
  public init(
    network: UNet, teacher: Weights, captions: EncodedCaptions, unconditional: EncodedCaptions, recipe: StudentRecipe
  ) {
    self.network = network
    self.teacher = teacher
    self.captions = captions
    self.unconditional = unconditional
    self.recipe = recipe
    student = OptimizedWeights(
      teacher.copy(), .init(betas: (0.5, 0.99), weightDecay: 0, averageDecay: recipe.averageDecay))
    fake = FakeScoreWeights(teacher: teacher, kind: recipe.fakeScore, seed: recipe.seed)
    parallel = DataParallel(layouts: [network.layout], shards: Self.shards)
    evaluation = (0..<Self.shards).map { _ in Session() }
    samples = ImageBatch(count: recipe.batch, size: network.configuration.imageCount)
  }

  /// Steps in all.
  public var steps: Int { recipe.images / recipe.batch }
  /// Images a step.
  public var batch: Int { recipe.batch }

  /// Updates the student once and the fake score as often as the recipe says.
  ///
  /// - Returns: The root mean square of the student's image gradient.
  /// - Throws: `PriorBrushError` with code `.diverged` if it is not finite.
  public func advance() throws -> Double {
    let rows = drawCaptions()
    let squares = try parallel.run(batch: recipe.batch) { shard in studentShard(shard, rows: rows) }
    let square = squares.reduce(0, +)
    guard square.isFinite else {
      throw PriorBrushError(
        .diverged, "distillation diverged at step \(step): lower the student's learning rate \(recipe.learningRate)")
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    let decay = LearningRate(peak: 1, decayShare: 0.4).value(at: step, of: steps)
    student.step(parallel.gradients[0], learningRate: recipe.learningRate * decay)
    for update in 0..<recipe.fakeUpdates {
      _ = try parallel.run(batch: recipe.batch) { shard in fakeShard(shard, rows: rows, update: update) }
      GradientClipping.clip(parallel.gradients, to: 1)
      fake.step(parallel.gradients[0], learningRate: recipe.fakeLearningRate * decay)
    }
    step += 1
    return (square / Double(recipe.batch * network.configuration.imageCount)).squareRoot()
  }

  private func drawCaptions() -> [Int] {
    var stream = self.stream(0)
    return (0..<recipe.batch).map { _ in Int(stream.uniform() * Float(captions.count)) }
  }

  /// Draws of one step: stream 0 picks captions, the rest belong to shards.
  private func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: recipe.seed, stream: UInt64(step) << 16 + UInt64(index))
  }

  private func studentShard(_ shard: Shard, rows: [Int]) -> Double {
    let configuration = network.configuration
    let size = configuration.imageCount
    let count = shard.range.count
    var stream = stream(1 + shard.index)
    let text = captions.rows(rows[shard.range])
    let session = shard.session
    session.reset(recording: true)
    let noise = session.tensor(Shape(count, configuration.resolution, configuration.resolution, 3))
    stream.fill(normal: noise.buffer)
    let velocity = network(
      noise, times: [Float](repeating: recipe.studentTime, count: count), text: text.features(in: session),
      Pass(session: session, weights: student.weights, gradients: shard.gradients[0]))
    let image = session.subtract(
      session.scale(noise, by: NoiseSchedule.alpha(recipe.studentTime)),
      session.scale(velocity, by: NoiseSchedule.sigma(recipe.studentTime)))

    let generated = Array(image.buffer)
    samples.write(generated, from: shard.range.lowerBound)
    var noisy = generated
    var times: [Float] = []
    for row in 0..<count {
      let time = recipe.times.lowerBound + stream.uniform() * (recipe.times.upperBound - recipe.times.lowerBound)
      times.append(time)
      let alpha = NoiseSchedule.alpha(time)
      let sigma = NoiseSchedule.sigma(time)
      for index in row * size..<(row + 1) * size { noisy[index] = alpha * generated[index] + sigma * stream.normal() }
    }
    func clean(_ weights: Weights, guidance: Float) -> [Float] {
      Denoiser(network: network, weights: weights, session: evaluation[shard.index]).cleanImages(
        noisy, times: times, captions: text, guidance: Guidance(scale: guidance, unconditional: unconditional),
        limit: 1.1)
    }
    let real = clean(teacher, guidance: recipe.guidance)
    let fake = clean(fake.weights, guidance: recipe.fakeGuidance)
    var gradient: [Float] = []
    var square = 0.0
    for row in 0..<count {
      let range = row * size..<(row + 1) * size
      let difference = ScoreDifference(recipe.gradient).gradient(
        of: generated[range], teacher: real[range], fake: fake[range], time: times[row])
      for value in difference {
        square += Double(value) * Double(value)
        gradient.append(value / Float(recipe.batch * size))
      }
    }
    gradient.withUnsafeBufferPointer { session.backward(from: [(image, $0)]) }
    return square
  }

  private func fakeShard(_ shard: Shard, rows: [Int], update: Int) -> Double {
    let configuration = network.configuration
    let size = configuration.imageCount
    let count = shard.range.count
    var stream = stream(1 + parallel.shards.count * (1 + update) + shard.index)
    let session = shard.session
    session.reset(recording: true)
    let noisy = session.tensor(Shape(count, configuration.resolution, configuration.resolution, 3))
    let target = session.tensor(noisy.shape)
    samples.read(shard.range, into: noisy.buffer)
    var text = captions.rows(rows[shard.range])
    if stream.uniform() < 0.1 { text = unconditional.repeating(0, times: count) }
    var times: [Float] = []
    for row in 0..<count {
      let time = stream.uniform()
      times.append(time)
      NoiseSchedule.noise(
        UnsafeMutableBufferPointer(start: noisy.data + row * size, count: size),
        velocity: UnsafeMutableBufferPointer(start: target.data + row * size, count: size), time: time, using: &stream)
    }
    let velocity = network(
      noisy, times: times, text: text.features(in: session),
      Pass(session: session, weights: fake.weights, gradients: shard.gradients[0]))
    return session.backwardSquaredError(velocity, target: target, total: recipe.batch * size)
  }

  /// Writes weights, averages and optimiser state of student and fake score.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["student": student, "fake": fake.trained]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["student": student, "fake": fake.trained], from: path)
    fake.refresh()
  }
}
