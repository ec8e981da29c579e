import NeuralNetwork
import Testing

@Suite struct NormalizationTests {
  struct Case: Sendable {
    var shape: Shape
    var groups: Int
  }

  static let cases = [
    Case(shape: Shape(2, 4, 4, 16), groups: 2), Case(shape: Shape(1, 3, 5, 48), groups: 6),
    Case(shape: Shape(2, 2, 2, 12), groups: 3), Case(shape: Shape(1, 1, 1, 20), groups: 2),
    Case(shape: Shape(3, 2, 3, 7), groups: 1), Case(shape: Shape(1, 4, 2, 33), groups: 11),
  ]

  @Test(arguments: cases, [false, true]) func `group norm agrees with plain loops`(example: Case, silu: Bool) {
    let channels = example.shape.channels
    expectGradients(inputs: [example.shape], parameters: [[channels], [channels]], tolerance: 2e-4) {
      $0.groupNorm($1[0], scale: $2[0], shift: $2[1], groups: example.groups, modulation: nil, silu: silu)
    } reference: {
      Reference.groupNorm(
        $0[0], example.shape, scale: $1[0], shift: $1[1], groups: example.groups, modulation: nil, silu: silu)
    }
  }

  @Test(arguments: cases, [false, true]) func `modulated group norm agrees with plain loops`(
    example: Case, silu: Bool
  ) {
    let (batch, channels) = (example.shape.batch, example.shape.channels)
    expectGradients(
      inputs: [example.shape, .vectors(batch, 2 * channels)], parameters: [[channels], [channels]], tolerance: 2e-4
    ) {
      $0.groupNorm($1[0], scale: $2[0], shift: $2[1], groups: example.groups, modulation: $1[1], silu: silu)
    } reference: {
      Reference.groupNorm(
        $0[0], example.shape, scale: $1[0], shift: $1[1], groups: example.groups, modulation: $0[1], silu: silu)
    }
  }

  @Test func `a large mean costs no digits`() {
    var layout = ParameterLayout()
    let scale = layout.add("scale", [32], .ones)
    let shift = layout.add("shift", [32], .zeros)
    let weights = Weights(layout, seed: 1)
    let session = Session()
    let shape = Shape(1, 16, 16, 32)
    var stream = RandomStream(seed: 5, stream: 0)
    let values = (0..<shape.count).map { _ in 1000 + stream.normal() }
    let pass = Pass(session: session, weights: weights)
    let result = pass.groupNorm(
      session.constant(shape, copying: values), scale: scale, shift: shift, groups: 4, modulation: nil, silu: false)
    let expected = Reference.groupNorm(
      values.map(Double.init), shape, scale: Array(repeating: 1, count: 32), shift: Array(repeating: 0, count: 32),
      groups: 4, modulation: nil, silu: false)
    expectClose(result.values, expected, 1e-4, "value")
  }

  @Test func `a value that is not a number stays visible`() {
    var layout = ParameterLayout()
    let scale = layout.add("scale", [16], .ones)
    let shift = layout.add("shift", [16], .zeros)
    let pass = Pass(session: Session(), weights: Weights(layout, seed: 1))
    var values = [Float](repeating: 1, count: 64)
    values[5] = .nan
    let x = pass.session.constant(Shape(1, 2, 2, 16), copying: values)
    let result = pass.groupNorm(x, scale: scale, shift: shift, groups: 1, modulation: nil, silu: true)
    let spread = result.values.allSatisfy(\.isNaN)
    #expect(spread)
  }

  @Test(arguments: [(1, 16), (5, 96), (3, 7), (2, 40)])
  func `layer norm agrees with plain loops`(rows: Int, channels: Int) {
    expectGradients(inputs: [.tokens(1, rows, channels)], parameters: [[channels], [channels]], tolerance: 2e-4) {
      $0.layerNorm($1[0], scale: $2[0], shift: $2[1])
    } reference: {
      Reference.layerNorm($0[0], channels: channels, scale: $1[0], shift: $1[1])
    }
  }
}
