import NeuralNetwork

/// Weights under training, with their optimiser and their exponential average.
final class OptimizedWeights: @unchecked Sendable {
  // Written between steps by the training's own thread; shards only read.

  struct Settings {
    var betas: (Float, Float)
    var weightDecay: Float
    var averageDecay: Float
  }

  let weights: Weights
  let average: ExponentialAverage
  let optimizer: AdamW

  init(_ weights: Weights, _ settings: Settings) {
    self.weights = weights
    average = ExponentialAverage(weights, decay: settings.averageDecay)
    optimizer = AdamW(weights.layout, betas: settings.betas, weightDecay: settings.weightDecay)
  }

  func step(_ gradients: Gradients, learningRate: Float) {
    optimizer.step(weights, gradients, learningRate: learningRate)
    average.update(from: weights, step: optimizer.stepCount)
  }
}
