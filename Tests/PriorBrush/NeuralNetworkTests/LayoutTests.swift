import NeuralNetwork
import Testing

@Suite struct LayoutTests {
  @Test(arguments: [Shape(1, 1, 1, 1), Shape(2, 3, 2, 5), Shape(1, 2, 4, 24)])
  func `nearest upsampling repeats pixels`(shape: Shape) {
    expectTensorGradients(inputs: [shape]) {
      $0.upsampleNearest2x($1[0])
    } reference: { inputs in
      Reference.upsample(inputs[0], shape)
    }
  }

  @Test(arguments: [(Shape(2, 4, 6, 3), 2), (Shape(1, 8, 4, 1), 4)])
  func `pixel unshuffle has the channel order of PyTorch, and shuffle is its inverse`(shape: Shape, factor: Int) {
    expectTensorGradients(inputs: [shape]) {
      $0.pixelUnshuffle($1[0], factor)
    } reference: { inputs in
      Reference.pixelUnshuffle(inputs[0], shape, factor)
    }
    expectTensorGradients(inputs: [shape]) {
      $0.pixelShuffle($0.pixelUnshuffle($1[0], factor), factor)
    } reference: { inputs in
      inputs[0]
    }
  }

  @Test func `channels and tokens can be joined`() {
    expectTensorGradients(inputs: [Shape(2, 1, 3, 4), Shape(2, 1, 3, 5)]) {
      $0.concatenateChannels($1[0], $1[1])
    } reference: {
      interleave($0[0], 4, $0[1], 5)
    }
    expectTensorGradients(inputs: [Shape(2, 2, 2, 3), .tokens(2, 5, 3)]) {
      $0.concatenateTokens($1[0], $1[1])
    } reference: {
      interleave($0[0], 12, $0[1], 15)
    }
  }

  @Test func `channels can be cut out`() {
    expectTensorGradients(inputs: [Shape(2, 1, 3, 6)]) {
      $0.sliceChannels($1[0], 1..<4)
    } reference: { inputs in
      inputs[0].enumerated().filter { (1..<4).contains($0.offset % 6) }.map(\.element)
    }
  }

  @Test func `a reshaped view passes its gradient on`() {
    expectTensorGradients(inputs: [Shape(2, 2, 3, 2)]) { session, inputs in
      let view = session.reshape(inputs[0], .tokens(2, 6, 2))
      return session.add(session.multiply(view, view), view)
    } reference: { inputs in
      inputs[0].map { $0 * $0 + $0 }
    }
  }

  @Test func `a detached tensor passes nothing on`() {
    expectTensorGradients(inputs: [Shape(1, 1, 2, 3)]) { session, inputs in
      session.add(inputs[0], session.subtract(inputs[0].detached, inputs[0].detached))
    } reference: { inputs in
      inputs[0]
    }
  }
}

/// Returns runs of the two arrays in turn.
private func interleave(_ a: [Double], _ left: Int, _ b: [Double], _ right: Int) -> [Double] {
  var result: [Double] = []
  for row in 0..<a.count / left {
    result += a[row * left..<row * left + left]
    result += b[row * right..<row * right + right]
  }
  return result
}
