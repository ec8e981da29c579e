import COneDNN

/// One of the fixed parts of a batch, with the workspace of its thread.
public final class Shard {
  /// The number of the shard, from 0.
  public let index: Int
  /// The samples of the batch that belong to this shard.
  public internal(set) var range: Range<Int> = 0..<0
  /// The workspace; only the shard's own thread may use it while a run lasts.
  public let session = Session()
  /// One gradient buffer for each layout of the `DataParallel`, zero when a run begins.
  public let gradients: [Gradients]

  init(index: Int, layouts: [ParameterLayout]) {
    self.index = index
    gradients = layouts.map(Gradients.init)
  }
}

/// Runs fixed, contiguous parts of a batch on as many threads, and sums their gradients in a fixed order.
///
/// The result depends on the number of shards but never on timing: the same run gives the same bits.
public final class DataParallel {
  /// The parts, in order.
  public let shards: [Shard]
  private let threads: [ShardThread]

  /// Creates the threads and their workspaces.
  ///
  /// - Parameters:
  ///   - layouts: The networks whose gradients are wanted.
  ///   - shards: How many threads; at least 1.
  public convenience init(_ layouts: ParameterLayout..., shards: Int = 2) {
    self.init(layouts: layouts, shards: shards)
  }

  /// Creates the threads and their workspaces.
  ///
  /// - Parameters:
  ///   - layouts: The networks whose gradients are wanted.
  ///   - shards: How many threads; at least 1.
  public init(layouts: [ParameterLayout], shards: Int = 2) {
    precondition(shards > 0, "a batch cannot be cut into \(shards) shards")
    self.shards = (0..<shards).map { Shard(index: $0, layouts: layouts) }
    threads = (0..<shards).map { _ in ShardThread() }
  }

  /// The sums over all shards after a run, one for each layout.
  public var gradients: [Gradients] { shards[0].gradients }

  /// Runs `body` for every shard at the same time, each on its own thread, and then sums the gradients.
  ///
  /// - Parameters:
  ///   - batch: Number of samples; shard i of n gets samples `batch · i / n ..< batch · (i + 1) / n`. A shard without
  ///     samples is skipped.
  ///   - body: Must only write to what belongs to its shard; the session is not reset before.
  /// - Returns: The results in the order of the shards.
  /// - Throws: The error of the first shard that failed, after all have ended.
  @discardableResult
  public func run<Result>(batch: Int, body: (Shard) throws -> Result) throws -> [Result] {
    for shard in shards {
      shard.range = batch * shard.index / shards.count..<batch * (shard.index + 1) / shards.count
    }
    var results: [Swift.Result<Result, any Error>?] = Array(repeating: nil, count: shards.count)
    results.withUnsafeMutableBufferPointer { results in
      onEachThread { index in
        let shard = self.shards[index]
        for gradient in shard.gradients { gradient.zero() }
        if !shard.range.isEmpty {
          results[index] = Swift.Result { try body(shard) }
        }
      }
    }
    sumGradients()
    return try results.compactMap { try $0?.get() }
  }

  /// Makes one optimiser step, and updates an average of the weights, on all threads.
  ///
  /// - Parameters:
  ///   - optimizer: The optimiser.
  ///   - weights: What is changed.
  ///   - gradients: The gradient at `weights`.
  ///   - learningRate: The step size.
  ///   - average: An average that follows the weights, or nil.
  public func step(
    _ optimizer: AdamW, _ weights: Weights, _ gradients: Gradients, learningRate: Float,
    average: ExponentialAverage? = nil
  ) {
    optimizer.beginStep()
    onEachThread { index in
      let range = self.part(index, of: weights.values.count)
      optimizer.update(weights, gradients, learningRate: learningRate, range: range)
      average?.update(from: weights, step: optimizer.stepCount, range: range)
    }
    weights.markChanged()
    average?.weights.markChanged()
  }

  private func sumGradients() {
    if shards.count == 1 || shards[0].gradients.isEmpty { return }
    onEachThread { index in
      for (layout, total) in self.shards[0].gradients.enumerated() {
        let range = self.part(index, of: total.values.count)
        guard let target = total.values.baseAddress else { continue }
        for shard in self.shards.dropFirst() {
          guard let source = shard.gradients[layout].values.baseAddress else { continue }
          nn_accumulate(target + range.lowerBound, source + range.lowerBound, Int64(range.count))
        }
      }
    }
  }

  /// The part of a flat buffer that one thread handles, in whole cache lines.
  private func part(_ index: Int, of count: Int) -> Range<Int> {
    let lines = (count + 15) / 16
    let start = lines * index / shards.count * 16
    let end = lines * (index + 1) / shards.count * 16
    return Swift.min(start, count)..<Swift.min(end, count)
  }

  private func onEachThread(_ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      for (index, thread) in threads.enumerated() { thread.start { body(index) } }
      for thread in threads { thread.finish() }
    }
  }
}
