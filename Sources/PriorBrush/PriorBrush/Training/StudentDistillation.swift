public import NeuralNetwork

/// Distils a teacher into a one-step student by variational score distillation; needs captions, no images.
///
/// The student maps noise to an image in one evaluation. A second network, the fake score, follows the distribution of the
/// student's images; the difference between its denoised images and the teacher's, at a random noise level, is the gradient of the
/// student's image. Updates alternate. Given a teacher's pairs, a share of every step's images repeats their noise and captions, and is
/// also drawn to their images.
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
  private let captionCount: Int
  private let pairs: TeacherPairs?
  private let unconditional: EncodedCaptions
  private let teacher: Weights
  private let student: OptimizedWeights
  private let fake: FakeScoreWeights
  private let parallel: DataParallel
  private let evaluation: [Session]
  private let samples: ImageBatch

  /// Creates a distillation at step 0, with the fake score, and the student unless it has a start of its own, equal to the teacher.
  ///
  /// - Parameters:
  ///   - network: The U-Net of teacher and student.
  ///   - teacher: The teacher's weights.
  ///   - captions: Encoded training captions, drawn uniformly.
  ///   - unconditional: The encoded empty caption.
  ///   - start: The student's weights before the first step, of the recipe's student time; nil for the teacher's.
  ///   - pairs: A teacher's pairs for the recipe's `pairShare`; nil for none.
  ///   - recipe: Settings.
  public init(
    network: UNet, teacher: Weights, captions: EncodedCaptions, unconditional: EncodedCaptions, start: Weights? = nil,
    pairs: EncodedPairs? = nil, recipe: StudentRecipe
  ) {
    self.network = network
    self.teacher = teacher
    self.captions = pairs.map { captions.followed(by: $0.captions) } ?? captions
    captionCount = captions.count
    self.pairs = pairs?.pairs
    self.unconditional = unconditional
    self.recipe = recipe
    student = OptimizedWeights(
      (start ?? teacher).copy(), .init(betas: (0.5, 0.99), weightDecay: 0, averageDecay: recipe.averageDecay))
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
    let decay = LearningRate(peak: 1, decayShare: recipe.decayShare).value(at: step, of: steps)
    student.step(parallel.gradients[0], learningRate: recipe.learningRate * decay)
    for update in 0..<recipe.fakeUpdates {
      _ = try parallel.run(batch: recipe.batch) { shard in fakeShard(shard, rows: rows, update: update) }
      GradientClipping.clip(parallel.gradients, to: 1)
      fake.step(parallel.gradients[0], learningRate: recipe.fakeLearningRate * decay)
    }
    step += 1
    return (square / Double(recipe.batch * network.configuration.imageCount)).squareRoot()
  }

  /// Draws the captions of a step: first those of pairs, which lie behind all others, then the rest.
  private func drawCaptions() -> [Int] {
    var stream = self.stream(0)
    var rows = (0..<recipe.batch).map { _ in Int(stream.uniform() * Float(captionCount)) }
    if let pairs {
      for place in rows.prefix(pairedImages).indices { rows[place] = captionCount + stream.integer(below: pairs.count) }
    }
    return rows
  }

  /// How many images of a step belong to pairs.
  private var pairedImages: Int { pairs == nil ? 0 : Int((recipe.pairShare * Float(recipe.batch)).rounded()) }

  /// The pairs of the first images of a shard.
  private func pairRows(_ shard: Shard, _ rows: [Int]) -> [Int] {
    rows[shard.range].prefix { $0 >= captionCount }.map { $0 - captionCount }
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
    let paired = pairRows(shard, rows)
    let session = shard.session
    session.reset(recording: true)
    let noise = session.tensor(Shape(count, configuration.resolution, configuration.resolution, 3))
    stream.fill(normal: noise.buffer)
    if let pairs {
      for (index, value) in pairs.noise(of: paired).enumerated() { noise.data[index] = value }
    }
    let image = network.oneStepImages(
      noise, time: recipe.studentTime, text: text.features(in: session),
      Pass(session: session, weights: student.weights, gradients: shard.gradients[0]))

    let generated = Array(image.buffer)
    samples.write(generated, from: shard.range.lowerBound)
    var noisy = generated
    var times: [Float] = []
    for row in 0..<count {
      let time = recipe.times.draw(using: &stream)
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
      let difference = ScoreDistillationGradient(recipe.gradient, floor: recipe.normaliserFloor).gradient(
        of: generated[range], teacher: real[range], fake: fake[range], time: times[row])
      for value in difference {
        square += Double(value) * Double(value)
        gradient.append(value / Float(recipe.batch * size))
      }
    }
    if let pairs {
      let attraction = PairAttraction(weight: recipe.pairWeight)
      for (place, row) in paired.enumerated() {
        let range = place * size..<(place + 1) * size
        let pull = attraction.gradient(of: generated[range], teacher: pairs.images[row * size..<(row + 1) * size])
        for (index, value) in zip(range, pull) { gradient[index] += value / Float(recipe.batch * size) }
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
      let time = recipe.fakeTimes.draw(using: &stream)
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
