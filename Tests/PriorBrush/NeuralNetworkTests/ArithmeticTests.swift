import COneDNN
import Glibc
import NeuralNetwork
import Testing

@Suite struct ArithmeticTests {
  static let shapes = [Shape(1, 1, 1, 1), Shape(2, 3, 5, 7), Shape(1, 4, 4, 16), Shape(3, 1, 1, 33)]

  @Test(arguments: shapes) func `sums, differences and products agree with plain loops`(shape: Shape) {
    expectTensorGradients(inputs: [shape, shape]) {
      $0.add($1[0], $1[1])
    } reference: { inputs in
      zip(inputs[0], inputs[1]).map(+)
    }
    expectTensorGradients(inputs: [shape, shape]) {
      $0.subtract($1[0], $1[1])
    } reference: { inputs in
      zip(inputs[0], inputs[1]).map(-)
    }
    expectTensorGradients(inputs: [shape, shape]) {
      $0.multiply($1[0], $1[1])
    } reference: { inputs in
      zip(inputs[0], inputs[1]).map(*)
    }
    expectTensorGradients(inputs: [shape]) {
      $0.scale($1[0], by: -2.5)
    } reference: { inputs in
      inputs[0].map { -2.5 * $0 }
    }
  }

  @Test func `a tensor used several times collects all its gradients`() {
    let shape = Shape(1, 2, 2, 5)
    expectTensorGradients(inputs: [shape]) { session, inputs in
      let doubled = session.add(inputs[0], inputs[0])
      let square = session.multiply(doubled, inputs[0])
      return session.add(session.subtract(square, inputs[0]), session.silu(square))
    } reference: { inputs in
      inputs[0].map { 2 * $0 * $0 - $0 + Reference.silu(2 * $0 * $0) }
    }
  }

  @Test(arguments: shapes) func `activations agree with plain loops`(shape: Shape) {
    expectTensorGradients(inputs: [shape]) {
      $0.silu($1[0])
    } reference: { inputs in
      inputs[0].map(Reference.silu)
    }
    expectTensorGradients(inputs: [shape]) {
      $0.gelu($1[0])
    } reference: { inputs in
      inputs[0].map(Reference.gelu)
    }
    expectTensorGradients(inputs: [shape]) {
      $0.clamp($1[0], -0.8, 0.5)
    } reference: { inputs in
      inputs[0].map { min(max($0, Double(Float(-0.8))), 0.5) }
    }
  }

  @Test(arguments: [Shape(2, 3, 5, 7), Shape(1, 4, 4, 16), Shape(3, 1, 1, 33), Shape(2, 2, 2, 40)])
  func `a vector is added to all pixels of its sample`(shape: Shape) {
    expectTensorGradients(inputs: [shape, .vectors(shape.batch, shape.channels)]) {
      $0.addPerSample($1[0], $1[1])
    } reference: { inputs in
      inputs[0].enumerated().map { place, value in
        let sample = place / (shape.pixels * shape.channels)
        return value + inputs[1][sample * shape.channels + place % shape.channels]
      }
    }
  }

  @Test func `the exponential is exact to 2e-7 over its whole range`() {
    let arguments = stride(from: Float(-87.3), through: 88.3, by: 0.00137).map { $0 }
    var results = [Float](repeating: 0, count: arguments.count)
    nn_exponential(&results, arguments, Int64(arguments.count))
    let worst = zip(arguments, results).map { abs(Double($1) / exp(Double($0)) - 1) }.max() ?? 1
    #expect(worst < 2e-7)
    var edges = [Float](repeating: 0, count: 4)
    nn_exponential(&edges, [.nan, -.infinity, 0, -200], 4)
    #expect(edges[0].isNaN && edges[1] < 1e-37 && edges[2] == 1 && edges[3] < 1e-37)
  }

  @Test func `sums of squares are exact in double precision`() {
    var stream = RandomStream(seed: 1, stream: 1)
    let values = (0..<1001).map { _ in stream.normal() }
    let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let found = nn_sum_of_squares(values, 1001)
    #expect(abs(found / expected - 1) < 1e-13)
  }
}
