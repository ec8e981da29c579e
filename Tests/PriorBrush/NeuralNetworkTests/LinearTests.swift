import NeuralNetwork
import Testing

@Suite struct LinearTests {
  @Test(arguments: [
    (1, 1, 1), (1, 5, 7), (2, 33, 16), (3, 64, 192), (4, 16, 16), (13, 48, 31), (80, 96, 40), (17, 1, 3), (32, 17, 5),
    (256, 48, 96),
  ])
  func `value and gradients agree with plain loops`(rows: Int, inputs: Int, outputs: Int) {
    expectGradients(inputs: [.tokens(1, rows, inputs)], parameters: [[outputs, inputs], [outputs]]) {
      $0.linear($1[0], weight: $2[0], bias: $2[1])
    } reference: {
      Reference.linear($0[0], $1[0], inputs: inputs, outputs: outputs, bias: $1[1])
    }
    expectGradients(inputs: [.tokens(1, rows, inputs)], parameters: [[outputs, inputs]]) {
      $0.linear($1[0], weight: $2[0], bias: nil)
    } reference: {
      Reference.linear($0[0], $1[0], inputs: inputs, outputs: outputs, bias: nil)
    }
  }

  @Test func `an embedding copies rows and collects their gradients, repeated rows included`() {
    let ids: [Int32] = [2, 0, 2, 4, 2, 1]
    expectGradients(inputs: [], parameters: [[5, 19]]) { pass, _, parameters in
      pass.embedding(ids: ids, table: parameters[0], shape: .tokens(2, 3, 19))
    } reference: { _, parameters in
      ids.flatMap { parameters[0][Int($0) * 19..<Int($0 + 1) * 19] }
    }
  }

  @Test func `positions are added to every sample, and unused ones get no gradient`() {
    expectGradients(inputs: [.tokens(3, 4, 6)], parameters: [[7, 6]]) {
      $0.addPositions($1[0], table: $2[0])
    } reference: { inputs, parameters in
      inputs[0].enumerated().map { $1 + parameters[0][$0 % 24] }
    }
  }
}
