import NeuralNetwork

/// The state of a training between two steps, in one file.
struct TrainingCheckpoint {
  private var checkpoint: Checkpoint

  /// - Parameters:
  ///   - step: Finished steps.
  ///   - parts: What is trained, by name.
  init(step: Int, parts: [String: OptimizedWeights]) {
    checkpoint = Checkpoint(
      weights: parts.mapValues(\.weights), optimizers: parts.mapValues(\.optimizer),
      averages: parts.mapValues(\.average), counters: ["step": String(step)])
  }

  func write(to path: String) throws { try checkpoint.save(path) }

  /// Reads a checkpoint into the given parts; nothing is changed unless all of it fits.
  ///
  /// - Returns: Finished steps.
  static func restore(_ parts: [String: OptimizedWeights], from path: String) throws -> Int {
    // Found before anything is changed.
    var counters = Checkpoint()
    try counters.load(path)
    guard let step = counters.counters["step"].flatMap(Int.init), step >= 0 else {
      throw PriorBrushError(.invalidModel, "\(path) has no step count; delete it to train from the start")
    }
    var state = TrainingCheckpoint(step: step, parts: parts)
    try state.checkpoint.load(path)
    return step
  }
}
