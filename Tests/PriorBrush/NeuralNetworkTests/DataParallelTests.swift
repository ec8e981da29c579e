import NeuralNetwork
import Testing

@Suite struct DataParallelTests {
  private struct Failure: Error, Equatable { var shard: Int }

  /// The gradients of a small network over a batch of 6.
  private static func gradients(shards: Int) throws -> [Float] {
    var layout = ParameterLayout()
    let kernel = layout.add("kernel", [16, 8, 3, 3], .fanIn(72))
    let bias = layout.add("bias", [16], .zeros)
    let scale = layout.add("scale", [16], .ones)
    let shift = layout.add("shift", [16], .zeros)
    let weights = Weights(layout, seed: 1)
    var stream = RandomStream(seed: 3, stream: 0)
    let input = (0..<6 * 128).map { _ in stream.normal() }
    let parallel = DataParallel(layout, shards: shards)
    for _ in 0..<2 {  // The second run must not see the first one's gradients.
      try parallel.run(batch: 6) { shard in
        let session = shard.session
        session.reset(recording: true)
        let pass = Pass(session: session, weights: weights, gradients: shard.gradients[0])
        let range = shard.range
        let x = session.constant(
          Shape(range.count, 4, 4, 8), copying: Array(input[range.lowerBound * 128..<range.upperBound * 128]))
        let h = pass.convolution(x, weight: kernel, bias: bias)
        let y = pass.groupNorm(h, scale: scale, shift: shift, groups: 4, modulation: nil, silu: true)
        session.backward(from: [(y, y)])
      }
    }
    return Array(parallel.gradients[0].values)
  }

  @Test func `the number of shards changes the gradients only by rounding`() throws {
    let one = try DataParallelTests.gradients(shards: 1)
    for shards in 2...4 {
      expectClose(try DataParallelTests.gradients(shards: shards), one.map(Double.init), 1e-5, "\(shards) shards")
    }
  }

  @Test func `the same run gives the same bits`() throws {
    let first = try DataParallelTests.gradients(shards: 2)
    for _ in 0..<5 { #expect(try DataParallelTests.gradients(shards: 2) == first) }
  }

  @Test func `results come in the order of the shards, and empty shards are skipped`() throws {
    let parallel = DataParallel(shards: 3)
    #expect(try parallel.run(batch: 7) { $0.range } == [0..<2, 2..<4, 4..<7])
    #expect(try parallel.run(batch: 2) { $0.range } == [0..<1, 1..<2])
    #expect(try parallel.run(batch: 0) { $0.range }.isEmpty)
  }

  @Test func `the first failing shard decides the error, and the next run works`() throws {
    let parallel = DataParallel(shards: 3)
    #expect(throws: Failure(shard: 1)) {
      try parallel.run(batch: 3) { shard in
        if shard.index > 0 { throw Failure(shard: shard.index) }
      }
    }
    #expect(try parallel.run(batch: 3) { $0.index } == [0, 1, 2])
  }

  @Test func `thousands of short runs end well`() throws {
    let parallel = DataParallel(shards: 2)
    var total = 0
    for round in 0..<5000 { total += try parallel.run(batch: 2) { $0.index + round }.reduce(0, +) }
    #expect(total == 5000 * 4999 + 5000)
  }
}
