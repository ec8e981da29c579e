public import NeuralNetwork

/// Pairs of a coarse image and its true error, with the caption's position.
public struct DegradationPairs: Sendable {
  /// Coarse images, `N · R · R · 3` values in [-1, 1].
  public var coarse: [Float]
  /// Mean absolute error of each pixel over the channels, `N · R · R` values, not negative.
  public var errors: [Float]
  /// Encoded captions, one a pair.
  public var captions: EncodedCaptions

  /// Measures the errors of coarse images against the real images nearest to them, averaged over 3 × 3 pixels.
  ///
  /// - Parameters:
  ///   - coarse: Coarse images, `N · R · R · 3` values.
  ///   - nearestReal: Real images of the same form.
  ///   - captions: `N` encoded captions.
  ///   - side: `R`.
  public init(coarse: [Float], nearestReal: [Float], captions: EncodedCaptions, side: Int) {
    let pixels = side * side
    let raw = (0..<coarse.count / 3).map { (pixel: Int) -> Float in
      var sum: Float = 0
      for index in 3 * pixel..<3 * pixel + 3 { sum += abs(coarse[index] - nearestReal[index]) }
      return sum / 3
    }
    errors = raw.indices.map { (index: Int) -> Float in
      let image = index / pixels * pixels
      let (row, column) = (index % pixels / side, index % side)
      let rows = max(0, row - 1)...min(side - 1, row + 1)
      let columns = max(0, column - 1)...min(side - 1, column + 1)
      var sum: Float = 0
      for y in rows { for x in columns { sum += raw[image + y * side + x] } }
      return sum / Float(rows.count * columns.count)
    }
    self.coarse = coarse
    self.captions = captions
  }
}

/// Trains the degradation map as the scale of a Laplace likelihood of the true absolute error: `error / b + log b`.
public final class DegradationTraining: Trainable {
  /// Finished steps.
  public private(set) var step = 0
  /// Steps in all.
  public let steps: Int
  /// Images a step.
  public let batch = 64
  /// The exponential average, the weights to use.
  public var average: Weights { state.average.weights }

  private let estimator: DegradationEstimator
  private let pairs: DegradationPairs
  private let side: Int
  private let seed: UInt64
  private let state: OptimizedWeights
  private let parallel: DataParallel

  /// Creates a training at step 0.
  ///
  /// - Parameters:
  ///   - estimator: The network.
  ///   - pairs: Training pairs.
  ///   - side: Side of the images in pixels.
  ///   - steps: Steps in all.
  ///   - seed: Seed of initialisation and draws.
  public init(estimator: DegradationEstimator, pairs: DegradationPairs, side: Int, steps: Int, seed: UInt64) {
    self.estimator = estimator
    self.pairs = pairs
    self.side = side
    self.steps = steps
    self.seed = seed
    state = OptimizedWeights(
      Weights(estimator.layout, seed: seed),
      .init(betas: (0.9, 0.99), weightDecay: 0.01, averageDecay: 0.99))
    parallel = DataParallel(layouts: [estimator.layout], shards: Self.shards)
  }

  /// Does one step.
  ///
  /// - Returns: The mean negative log-likelihood.
  /// - Throws: `PriorBrushError` with code `.diverged` if it is not finite.
  public func advance() throws -> Double {
    let loss = try parallel.run(batch: batch) { shard in trainShard(shard) }.reduce(0, +)
    guard loss.isFinite else {
      throw PriorBrushError(.diverged, "training of the degradation map diverged at step \(step)")
    }
    GradientClipping.clip(parallel.gradients, to: 1)
    state.step(
      parallel.gradients[0], learningRate: LearningRate(peak: 2e-3, warmupSteps: 50).value(at: step, of: steps))
    step += 1
    return loss
  }

  private func trainShard(_ shard: Shard) -> Double {
    let pixels = side * side
    let count = shard.range.count
    var stream = RandomStream(seed: seed, stream: UInt64(step * parallel.shards.count + shard.index))
    let rows = (0..<count).map { _ in Int(stream.uniform() * Float(pairs.captions.count)) }
    let session = shard.session
    session.reset(recording: true)
    let images = session.tensor(Shape(count, side, side, 3))
    for (position, row) in rows.enumerated() {
      for index in 0..<pixels * 3 {
        images.data[position * pixels * 3 + index] = pairs.coarse[row * pixels * 3 + index]
      }
    }
    let logScale = estimator.logScale(
      images, text: pairs.captions.rows(rows).features(in: session),
      Pass(session: session, weights: state.weights, gradients: shard.gradients[0]))
    var gradient = [Float](repeating: 0, count: count * pixels)
    var loss = 0.0
    let share = 1 / Float(batch * pixels)
    for (position, row) in rows.enumerated() {
      for pixel in 0..<pixels {
        let index = position * pixels + pixel
        let error = LaplaceError(
          pairs.errors[row * pixels + pixel], logScale: logScale.data[index], range: DegradationEstimator.logRange)
        loss += Double(error.value * share)
        gradient[index] = error.slope * share
      }
    }
    gradient.withUnsafeBufferPointer { session.backward(from: [(logScale, $0)]) }
    return loss
  }

  /// Writes weights, average and optimiser state.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  public func save(to path: String) throws {
    try TrainingCheckpoint(step: step, parts: ["degradation": state]).write(to: path)
  }

  /// Continues from a checkpoint.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or has other shapes.
  public func restore(from path: String) throws {
    step = try TrainingCheckpoint.restore(["degradation": state], from: path)
  }
}
