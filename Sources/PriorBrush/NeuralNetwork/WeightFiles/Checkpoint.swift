/// Everything that a training needs to go on as if it had never stopped, in one file.
///
///     var checkpoint = Checkpoint(weights: ["unet": weights], optimizers: ["unet": optimizer])
///     checkpoint.counters["step"] = "1200"
///     try checkpoint.save("teacher.checkpoint")
///     try checkpoint.load("teacher.checkpoint")        // later, into fresh objects of the same networks
///
/// Numbers are kept in full precision; resuming continues with the same bits.
public struct Checkpoint {
  /// Networks by name.
  public var weights: [String: Weights]
  /// Optimisers by name.
  public var optimizers: [String: AdamW]
  /// Averages by name.
  public var averages: [String: ExponentialAverage]
  /// Whatever else must be remembered: steps, positions of random streams, settings.
  public var counters: [String: String]

  /// Creates a checkpoint of the given objects, which it refers to and does not copy.
  ///
  /// - Parameters:
  ///   - weights: Networks by name.
  ///   - optimizers: Optimisers by name.
  ///   - averages: Averages by name.
  ///   - counters: What else must be remembered.
  public init(
    weights: [String: Weights] = [:], optimizers: [String: AdamW] = [:], averages: [String: ExponentialAverage] = [:],
    counters: [String: String] = [:]
  ) {
    self.weights = weights
    self.optimizers = optimizers
    self.averages = averages
    self.counters = counters
  }

  /// Writes the present values; the old file stays whole until the new one is on the disk.
  ///
  /// - Parameter path: The file.
  /// - Throws: `NeuralNetworkError` with code `.fileAccess`.
  public func save(_ path: String) throws {
    var tensors: [NamedTensor] = []
    var metadata: [String: String] = [:]
    for (name, value) in weights.sorted(by: { $0.key < $1.key }) {
      tensors += value.tensors(prefix: "weights.\(name)/")
    }
    for (name, value) in averages.sorted(by: { $0.key < $1.key }) {
      tensors += value.weights.tensors(prefix: "average.\(name)/")
    }
    for (name, optimizer) in optimizers.sorted(by: { $0.key < $1.key }) {
      tensors += optimizer.first.tensors(prefix: "optimizer.\(name).first/")
      tensors += optimizer.second.tensors(prefix: "optimizer.\(name).second/")
      metadata["optimizer.\(name).step"] = String(optimizer.stepCount)
    }
    for (name, value) in counters { metadata["counter.\(name)"] = value }
    try SafeTensors.write(path, tensors: tensors, metadata: metadata)
  }

  /// Reads a file into the objects of this checkpoint and replaces the counters.
  ///
  /// Nothing is changed unless all of the file fits.
  ///
  /// - Parameter path: The file.
  /// - Throws: `NeuralNetworkError` with code `.fileAccess`, `.malformed`, `.missingTensor` or `.shapeMismatch`.
  public mutating func load(_ path: String) throws {
    let file = try SafeTensors.read(path)
    let newWeights = try weights.map { ($1, try Weights($1.layout, file: file, prefix: "weights.\($0)/")) }
    let newAverages = try averages.map { name, average in
      (average.weights, try Weights(average.weights.layout, file: file, prefix: "average.\(name)/"))
    }
    let newMoments = try optimizers.map { name, optimizer in
      guard let text = file.metadata["optimizer.\(name).step"], let step = Int(text), step >= 0 else {
        throw NeuralNetworkError(
          .missingTensor, path: path,
          "has no step count of the optimiser '\(name)'; name a checkpoint that was written with this optimiser")
      }
      return (
        optimizer, step, try Weights(optimizer.layout, file: file, prefix: "optimizer.\(name).first/"),
        try Weights(optimizer.layout, file: file, prefix: "optimizer.\(name).second/")
      )
    }
    for (target, source) in newWeights + newAverages { target.set(to: source) }
    for (optimizer, step, first, second) in newMoments {
      optimizer.first.set(to: first)
      optimizer.second.set(to: second)
      optimizer.stepCount = step
    }
    counters = [:]
    for (name, value) in file.metadata where name.hasPrefix("counter.") { counters[String(name.dropFirst(8))] = value }
  }
}

extension Gradients {
  fileprivate func tensors(prefix: String) -> [NamedTensor] {
    layout.parameters.map { NamedTensor(prefix + $0.name, shape: $0.shape, values: Array(self[$0])) }
  }

  fileprivate func set(to source: Weights) {
    guard let target = values.baseAddress, let values = source.values.baseAddress else { return }
    target.update(from: values, count: layout.count)
  }
}
