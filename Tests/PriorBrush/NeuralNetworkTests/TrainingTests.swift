import NeuralNetwork
import Testing

@Suite struct TrainingTests {
  @Test func `a small network learns to reproduce its target`() throws {
    var layout = ParameterLayout()
    let kernel = layout.add("in.weight", [32, 12, 3, 3], .fanIn(108))
    let bias = layout.add("in.bias", [32], .zeros)
    let scale = layout.add("norm.weight", [32], .ones)
    let shift = layout.add("norm.bias", [32], .zeros)
    let final = layout.add("out.weight", [12, 32, 3, 3], .fanIn(288))
    let weights = Weights(layout, seed: 1)
    let optimizer = AdamW(layout, weightDecay: 0.01)
    let parallel = DataParallel(layout, shards: 2)
    var stream = RandomStream(seed: 2, stream: 0)
    let shape = Shape(4, 8, 8, 12)
    let input = (0..<2 * shape.count).map { _ in stream.normal() }
    var losses: [Double] = []
    for _ in 0..<60 {
      let parts = try parallel.run(batch: 8) { shard -> Double in
        let session = shard.session
        session.reset(recording: true)
        let pass = Pass(session: session, weights: weights, gradients: shard.gradients[0])
        let values = Array(input[shard.range.lowerBound * 768..<shard.range.upperBound * 768])
        let x = session.constant(shape, copying: values)
        var h = pass.convolution(x, weight: kernel, bias: bias)
        h = pass.groupNorm(h, scale: scale, shift: shift, groups: 4, modulation: nil, silu: true)
        let y = pass.convolution(h, weight: final, bias: nil)
        let error = session.subtract(y, x)
        session.backward(from: [(error, error)])
        return error.values.reduce(0) { $0 + Double($1 * $1) }
      }
      losses.append(parts.reduce(0, +))
      GradientClipping.clip(parallel.gradients, to: 100)
      parallel.step(optimizer, weights, parallel.gradients[0], learningRate: 0.01)
    }
    #expect(losses[59] < 0.3 * losses[0], "\(losses)")
  }
}
