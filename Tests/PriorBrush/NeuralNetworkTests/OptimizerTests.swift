import Glibc
import NeuralNetwork
import Testing

@Suite struct OptimizerTests {
  private static func layout() -> ParameterLayout {
    var layout = ParameterLayout()
    _ = layout.add("matrix", [5, 7], .normal(standardDeviation: 1))
    _ = layout.add("bias", [9], .normal(standardDeviation: 1))
    _ = layout.add("kernel", [4, 3, 3, 3], .normal(standardDeviation: 1))
    return layout
  }

  private static func fill(_ gradients: Gradients, _ stream: inout RandomStream) {
    for parameter in gradients.layout.parameters { stream.fill(normal: gradients[parameter]) }
  }

  @Test func `AdamW follows the published algorithm, with decay of matrices only`() {
    let layout = OptimizerTests.layout()
    let weights = Weights(layout, seed: 1)
    let gradients = Gradients(layout)
    let optimizer = AdamW(layout, betas: (0.9, 0.99), epsilon: 1e-8, weightDecay: 0.1)
    var expected = weights.values.map(Double.init)
    var first = expected.map { _ in 0.0 }
    var second = first
    var stream = RandomStream(seed: 2, stream: 0)
    let bias = layout.parameters[1]
    for step in 1...20 {
      OptimizerTests.fill(gradients, &stream)
      let rate = 0.01 / Double(step)
      for index in expected.indices {
        let gradient = Double(gradients.values[index])
        let decay = (bias.offset..<bias.offset + bias.count).contains(index) ? 0 : 0.1
        expected[index] -= rate * decay * expected[index]
        first[index] = 0.9 * first[index] + 0.1 * gradient
        second[index] = 0.99 * second[index] + 0.01 * gradient * gradient
        let mean = first[index] / (1 - pow(0.9, Double(step)))
        let root = (second[index] / (1 - pow(0.99, Double(step)))).squareRoot()
        expected[index] -= rate * mean / (root + 1e-8)
      }
      optimizer.step(weights, gradients, learningRate: Float(rate))
    }
    expectClose(Array(weights.values), expected, 2e-6, "weights")
    #expect(weights.version == 20 && optimizer.stepCount == 20)
  }

  @Test func `an average follows its source`() {
    let weights = Weights(OptimizerTests.layout(), seed: 1)
    let average = ExponentialAverage(weights, decay: 0.9)
    var expected = weights.values.map(Double.init)
    for round in 0..<10 {
      weights.add(average.weights, scaled: 0.1 * Float(round))
      average.update(from: weights, step: 1000 + round)
      for index in expected.indices { expected[index] = 0.9 * expected[index] + 0.1 * Double(weights.values[index]) }
    }
    expectClose(Array(average.weights.values), expected, 1e-5, "average")
  }

  @Test(arguments: [1, 2, 5, 20, 500, 2000, 9000])
  func `an average forgets the weights before training, however short it is`(steps: Int) {
    let weights = Weights(OptimizerTests.layout(), seed: 1)
    for index in weights.values.indices { weights.values[index] = 1 }
    let average = ExponentialAverage(weights, decay: 0.999)
    for index in weights.values.indices { weights.values[index] = 0 }
    for step in 1...steps { average.update(from: weights, step: step) }
    #expect(average.weights.values.allSatisfy { $0 == 0 })
  }

  @Test func `clipping scales several gradients by one factor`() {
    let layout = OptimizerTests.layout()
    let (a, b) = (Gradients(layout), Gradients(layout))
    a.values[0] = 3
    b.values[5] = 4
    #expect(GradientClipping.clip(a, b, to: 10) == 5)
    #expect(a.values[0] == 3)
    #expect(GradientClipping.clip(a, b, to: 1) == 5)
    #expect(abs(a.values[0] - 0.6) < 1e-6 && abs(b.values[5] - 0.8) < 1e-6)
    #expect(abs(b.norm() - 0.8) < 1e-6)
    a.values[0] = .nan
    #expect(GradientClipping.clip(a, b, to: 0.1).isNaN)
    #expect(abs(b.values[5] - 0.8) < 1e-6)
  }

  @Test func `steps on several threads give the same bits as on one`() {
    let layout = OptimizerTests.layout()
    let (one, two) = (Weights(layout, seed: 1), Weights(layout, seed: 1))
    let (single, shared) = (AdamW(layout), AdamW(layout))
    let averages = (ExponentialAverage(one, decay: 0.9), ExponentialAverage(two, decay: 0.9))
    let parallel = DataParallel(layout, shards: 3)
    let gradients = Gradients(layout)
    var stream = RandomStream(seed: 2, stream: 0)
    for _ in 0..<5 {
      OptimizerTests.fill(gradients, &stream)
      single.step(one, gradients, learningRate: 0.1)
      averages.0.update(from: one, step: single.stepCount)
      parallel.step(shared, two, gradients, learningRate: 0.1, average: averages.1)
    }
    #expect(Array(one.values) == Array(two.values))
    #expect(Array(averages.0.weights.values) == Array(averages.1.weights.values))
  }
}
