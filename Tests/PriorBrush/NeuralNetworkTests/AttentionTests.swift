import NeuralNetwork
import Testing

@Suite struct AttentionTests {
  struct Case: Sendable {
    var queries: Shape
    var keys: Shape
    var head: Int
  }

  static let cases = [
    Case(queries: .tokens(2, 4, 8), keys: .tokens(2, 6, 8), head: 4),
    Case(queries: Shape(1, 4, 4, 64), keys: .tokens(1, 20, 64), head: 32),
    Case(queries: .tokens(1, 1, 6), keys: .tokens(1, 1, 6), head: 6),
    Case(queries: .tokens(2, 17, 15), keys: .tokens(2, 33, 15), head: 5),
  ]

  @Test(arguments: cases) func `value and gradients agree with plain loops`(example: Case) {
    expectTensorGradients(inputs: [example.queries, example.keys, example.keys]) {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], headDimension: example.head)
    } reference: { inputs in
      Reference.attention(
        inputs[0], inputs[1], inputs[2], example.queries, example.keys, head: example.head, mask: nil)
    }
  }

  @Test(arguments: cases) func `masked keys count for nothing`(example: Case) {
    let count = example.keys.batch * example.keys.pixels
    // The last sample keeps no key at all.
    let mask = (0..<count).map {
      $0 >= count - example.keys.pixels && count > example.keys.pixels ? 0 : Float(($0 + 1) % 2)
    }
    expectTensorGradients(inputs: [example.queries, example.keys, example.keys]) { session, inputs in
      let keep = session.constant(.vectors(example.keys.batch, example.keys.pixels), copying: mask)
      return session.attention(
        query: inputs[0], key: inputs[1], value: inputs[2], headDimension: example.head, keyMask: keep)
    } reference: { inputs in
      Reference.attention(
        inputs[0], inputs[1], inputs[2], example.queries, example.keys, head: example.head, mask: mask.map(Double.init))
    }
  }

  @Test func `one tensor may be query, key and value`() {
    let shape = Shape.tokens(2, 5, 8)
    expectTensorGradients(inputs: [shape]) {
      $0.attention(query: $1[0], key: $1[0], value: $1[0], headDimension: 4)
    } reference: { inputs in
      Reference.attention(inputs[0], inputs[0], inputs[0], shape, shape, head: 4, mask: nil)
    }
  }

  @Test func `large logits do not overflow`() {
    let session = Session()
    let big = session.constant(.tokens(1, 2, 4), copying: [100, 0, 0, 0, 0, 100, 0, 0])
    let result = session.attention(query: big, key: big, value: big, headDimension: 4)
    expectClose(result.values, big.values.map(Double.init), 1e-30, "value")
  }

  @Test func `the mean over tokens leaves out masked ones`() {
    let mask: [Float] = [1, 1, 0, 0, 0, 0]
    expectTensorGradients(inputs: [.tokens(2, 3, 5)]) { session, inputs in
      session.maskedMeanTokens(inputs[0], session.constant(.vectors(2, 3), copying: mask))
    } reference: { inputs in
      (0..<5).map { (inputs[0][$0] + inputs[0][5 + $0]) / 2 } + [0, 0, 0, 0, 0]
    }
  }
}
