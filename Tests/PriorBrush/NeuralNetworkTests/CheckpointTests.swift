import NeuralNetwork
import Testing
import TestSupport

@Suite struct CheckpointTests {
  /// A training whose whole state can be saved.
  private struct Training {
    let weights: Weights
    let optimizer: AdamW
    let average: ExponentialAverage
    let kernel: Parameter
    let bias: Parameter
    var stream = RandomStream(seed: 6, stream: 0)
    var checkpoint: Checkpoint

    init(seed: UInt64) {
      var layout = ParameterLayout()
      kernel = layout.add("kernel", [8, 8, 3, 3], .fanIn(72))
      bias = layout.add("bias", [8], .zeros)
      weights = Weights(layout, seed: seed)
      optimizer = AdamW(layout)
      average = ExponentialAverage(weights, decay: 0.9)
      checkpoint = Checkpoint(
        weights: ["net": weights], optimizers: ["net": optimizer], averages: ["net": average], counters: [:])
    }

    mutating func step(_ session: Session) {
      session.reset(recording: true)
      let gradients = Gradients(weights.layout)
      let pass = Pass(session: session, weights: weights, gradients: gradients)
      let x = session.tensor(Shape(2, 4, 4, 8))
      stream.fill(normal: x.buffer)
      let y = pass.convolution(x, weight: kernel, bias: bias)
      session.backward(from: [(y, session.subtract(y, x))])
      optimizer.step(weights, gradients, learningRate: 0.01)
      average.update(from: weights, step: optimizer.stepCount)
    }
  }

  @Test func `a resumed training continues with the same bits`() throws {
    let folder = try TemporaryFolder()
    let session = Session()
    var first = Training(seed: 1)
    for _ in 0..<5 { first.step(session) }
    first.checkpoint.counters = ["position": String(first.stream.position)]
    try first.checkpoint.save(folder.file("training"))
    for _ in 0..<5 { first.step(session) }

    var second = Training(seed: 2)
    try second.checkpoint.load(folder.file("training"))
    second.stream.position = UInt64(second.checkpoint.counters["position"] ?? "") ?? 0
    for _ in 0..<5 { second.step(session) }
    #expect(Array(first.weights.values) == Array(second.weights.values))
    #expect(Array(first.average.weights.values) == Array(second.average.weights.values))
    #expect(second.optimizer.stepCount == 10)
  }

  @Test func `a file that does not fit changes nothing`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("weights")
    var training = Training(seed: 1)
    let before = Array(training.weights.values)
    try Checkpoint(weights: ["net": Weights(training.weights.layout, seed: 5)]).save(path)
    let error = #expect(throws: NeuralNetworkError.self) { try training.checkpoint.load(path) }
    #expect(error?.code == .missingTensor)
    #expect(Array(training.weights.values) == before)
  }
}
