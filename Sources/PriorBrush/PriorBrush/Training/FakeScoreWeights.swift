import NeuralNetwork

/// The weights of the fake score: a trained copy of the teacher, or the teacher with trained low-rank factors.
final class FakeScoreWeights: @unchecked Sendable {
  // Written between steps by the training's own thread; shards only read.

  /// The weights to evaluate the network with.
  let weights: Weights
  /// What the optimiser changes: all weights, or the factors.
  let trained: OptimizedWeights
  private let teacher: Weights
  private let adapter: (factors: LowRankAdapter, gradients: Gradients)?

  init(teacher: Weights, kind: StudentRecipe.FakeScore, seed: UInt64) {
    self.teacher = teacher
    let settings = OptimizedWeights.Settings(betas: (0.5, 0.99), weightDecay: 0, averageDecay: 0)
    switch kind {
    case .full:
      trained = OptimizedWeights(teacher.copy(), settings)
      weights = trained.weights
      adapter = nil
    case .lowRank(let rank, let alpha):
      let factors = LowRankAdapter(teacher.layout, rank: rank, alpha: alpha, seed: seed)
      trained = OptimizedWeights(factors.factors, settings)
      weights = teacher.copy()
      adapter = (factors, Gradients(factors.layout))
    }
  }

  /// Takes one optimiser step.
  ///
  /// - Parameters:
  ///   - gradients: Gradients with respect to the whole weights.
  ///   - learningRate: The rate.
  func step(_ gradients: Gradients, learningRate: Float) {
    guard let adapter else {
      trained.step(gradients, learningRate: learningRate)
      return
    }
    adapter.gradients.zero()
    adapter.factors.gradients(from: gradients, into: adapter.gradients)
    trained.step(adapter.gradients, learningRate: learningRate)
    refresh()
  }

  /// Brings the evaluated weights up to date with the trained ones.
  func refresh() {
    adapter?.factors.apply(base: teacher, into: weights)
  }
}
