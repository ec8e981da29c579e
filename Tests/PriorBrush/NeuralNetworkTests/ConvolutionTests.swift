import NeuralNetwork
import Testing

@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var input: Shape
    var outputs: Int
    var side: Int
    var stride: Int
    var bias = true
    var testDescription: String { "\(input) to \(outputs), \(side)x\(side), stride \(stride), bias \(bias)" }
  }

  static let cases = [
    Case(input: Shape(2, 4, 4, 16), outputs: 16, side: 3, stride: 1),
    Case(input: Shape(1, 5, 7, 12), outputs: 20, side: 3, stride: 1),
    Case(input: Shape(2, 8, 8, 16), outputs: 32, side: 3, stride: 2),
    Case(input: Shape(1, 7, 5, 3), outputs: 8, side: 3, stride: 2),
    Case(input: Shape(2, 3, 3, 24), outputs: 10, side: 1, stride: 1),
    Case(input: Shape(1, 4, 4, 17), outputs: 5, side: 1, stride: 1, bias: false),
    Case(input: Shape(1, 6, 6, 8), outputs: 12, side: 5, stride: 1, bias: false),
    Case(input: Shape(1, 1, 1, 1), outputs: 1, side: 3, stride: 1),
  ]

  @Test(arguments: cases) func `value and gradients agree with plain loops`(example: Case) {
    let kernel = [example.outputs, example.input.channels, example.side, example.side]
    let shapes = example.bias ? [kernel, [example.outputs]] : [kernel]
    expectGradients(inputs: [example.input], parameters: shapes) { pass, inputs, parameters in
      pass.convolution(
        inputs[0], weight: parameters[0], bias: example.bias ? parameters[1] : nil, stride: example.stride)
    } reference: { inputs, parameters in
      Reference.convolution(
        inputs[0], example.input, parameters[0], kernel, example.bias ? parameters[1] : nil, stride: example.stride,
        padding: example.side / 2)
    }
  }

  @Test func `padding can be chosen`() {
    let shape = Shape(1, 5, 5, 4)
    expectGradients(inputs: [shape], parameters: [[6, 4, 3, 3]]) { pass, inputs, parameters in
      pass.convolution(inputs[0], weight: parameters[0], bias: nil, padding: 0)
    } reference: { inputs, parameters in
      Reference.convolution(inputs[0], shape, parameters[0], [6, 4, 3, 3], nil, stride: 1, padding: 0)
    }
  }

  @Test(arguments: [(1, 5), (5, 1)]) func `windows need not be square`(height: Int, width: Int) {
    let shape = Shape(1, 6, 7, 4)
    expectGradients(inputs: [shape], parameters: [[6, 4, height, width]]) { pass, inputs, parameters in
      pass.convolution(inputs[0], weight: parameters[0], bias: nil)
    } reference: { inputs, parameters in
      // The same as a square window with zeros around the middle row or column.
      let square = (0..<24).flatMap { plane in
        (0..<25).map { place in
          let (row, column) = (place / 5, place % 5)
          guard height == 5 ? column == 2 : row == 2 else { return 0.0 }
          return parameters[0][plane * 5 + (height == 5 ? row : column)]
        }
      }
      return Reference.convolution(inputs[0], shape, square, [6, 4, 5, 5], nil, stride: 1, padding: 2)
    }
  }

  @Test func `weights that were marked as changed are used at once`() {
    var layout = ParameterLayout()
    let kernel = layout.add("kernel", [16, 16, 3, 3], .normal(standardDeviation: 1))
    let weights = Weights(layout, seed: 1)
    let session = Session()
    let pass = Pass(session: session, weights: weights)
    let input = [Float](repeating: 1, count: 4 * 4 * 16)
    let first = pass.convolution(
      session.constant(Shape(1, 4, 4, 16), copying: input), weight: kernel, bias: nil
    ).values
    for index in weights.values.indices { weights.values[index] *= 2 }
    weights.markChanged()
    let second = pass.convolution(
      session.constant(Shape(1, 4, 4, 16), copying: input), weight: kernel, bias: nil
    ).values
    #expect(second == first.map { 2 * $0 })
  }
}
