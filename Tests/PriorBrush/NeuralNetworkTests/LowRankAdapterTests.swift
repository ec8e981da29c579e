import NeuralNetwork
import Testing

@Suite struct LowRankAdapterTests {
  private static func network() -> (layout: ParameterLayout, kernel: Parameter, matrix: Parameter) {
    var layout = ParameterLayout()
    let kernel = layout.add("kernel", [6, 5, 3, 3], .normal(standardDeviation: 1))
    _ = layout.add("bias", [6], .normal(standardDeviation: 1))
    let matrix = layout.add("matrix", [4, 7], .normal(standardDeviation: 1))
    return (layout, kernel, matrix)
  }

  private static func randomize(_ weights: Weights) {
    var stream = RandomStream(seed: 99, stream: 0)
    for parameter in weights.layout.parameters { stream.fill(normal: weights[parameter]) }
    weights.markChanged()
  }

  @Test func `a new adapter changes nothing`() {
    let network = LowRankAdapterTests.network()
    let base = Weights(network.layout, seed: 1)
    let adapter = LowRankAdapter(network.layout, rank: 2, alpha: 8, seed: 5)
    let merged = Weights(zeros: network.layout)
    adapter.apply(base: base, into: merged)
    #expect(Array(merged.values) == Array(base.values))
    #expect(adapter.adapted == [network.kernel, network.matrix])
    #expect(adapter.layout.parameterCount == 2 * 45 + 6 * 2 + 2 * 7 + 4 * 2)
  }

  @Test(arguments: [Float(1), 4]) func `the correction is alpha over rank times the product`(alpha: Float) {
    let network = LowRankAdapterTests.network()
    let base = Weights(network.layout, seed: 1)
    let adapter = LowRankAdapter(network.layout, rank: 3, alpha: alpha, seed: 5)
    LowRankAdapterTests.randomize(adapter.factors)
    let merged = Weights(zeros: network.layout)
    adapter.apply(base: base, into: merged)
    for (parameter, rest) in [(network.kernel, 45), (network.matrix, 7)] {
      guard let down = adapter.layout.parameter(named: parameter.name + ".down"),
        let up = adapter.layout.parameter(named: parameter.name + ".up")
      else {
        Issue.record("the factors of '\(parameter.name)' are missing")
        return
      }
      let (a, b) = (adapter.factors[down], adapter.factors[up])
      let expected = base[parameter].enumerated().map { place, value in
        let product = (0..<3).reduce(0.0) { sum, r in
          sum + Double(b[place / rest * 3 + r]) * Double(a[r * rest + place % rest])
        }
        return Double(value) + Double(alpha) / 3 * product
      }
      expectClose(Array(merged[parameter]), expected, 1e-5, "merged '\(parameter.name)'")
    }
  }

  @Test func `merged weights act like an explicit adapter path`() {
    let network = LowRankAdapterTests.network()
    let base = Weights(network.layout, seed: 1)
    let adapter = LowRankAdapter(network.layout, rank: 2, alpha: 6, seed: 5)
    LowRankAdapterTests.randomize(adapter.factors)
    let merged = Weights(zeros: network.layout)
    adapter.apply(base: base, into: merged)
    let session = Session()
    var stream = RandomStream(seed: 4, stream: 0)
    let x = session.constant(.tokens(1, 3, 7), copying: (0..<21).map { _ in stream.normal() })
    let direct = Pass(session: session, weights: merged).linear(x, weight: network.matrix, bias: nil)
    guard let down = adapter.layout.parameter(named: "matrix.down"),
      let up = adapter.layout.parameter(named: "matrix.up")
    else {
      Issue.record("the factors are missing")
      return
    }
    let factors = Pass(session: session, weights: adapter.factors)
    let low = factors.linear(factors.linear(x, weight: down, bias: nil), weight: up, bias: nil)
    let plain = Pass(session: session, weights: base).linear(x, weight: network.matrix, bias: nil)
    let explicit = session.add(plain, session.scale(low, by: 3))
    expectClose(direct.values, explicit.values.map(Double.init), 1e-5, "output")
  }

  @Test func `gradients of the factors agree with central differences`() {
    let network = LowRankAdapterTests.network()
    let base = Weights(network.layout, seed: 1)
    let adapter = LowRankAdapter(network.layout, rank: 2, alpha: 6, seed: 5)
    LowRankAdapterTests.randomize(adapter.factors)
    let merged = Weights(zeros: network.layout)
    // The objective is Σ c · W + Σ W² / 2 over the merged weights, so its gradient is c + W.
    var stream = RandomStream(seed: 8, stream: 0)
    let direction = (0..<network.layout.count).map { _ in stream.normal() }
    let gradients = Gradients(network.layout)
    adapter.apply(base: base, into: merged)
    for index in direction.indices { gradients.values[index] = direction[index] + merged.values[index] }
    let found = Gradients(adapter.layout)
    adapter.gradients(from: gradients, into: found)
    let objective = { () -> Double in
      adapter.apply(base: base, into: merged)
      return zip(merged.values, direction).reduce(0) { sum, pair in
        let weight = Double(pair.0)
        return sum + weight * Double(pair.1) + weight * weight / 2
      }
    }
    for parameter in adapter.layout.parameters {
      let values = adapter.factors[parameter]
      let slopes = values.indices.map { index -> Double in
        let original = values[index]
        let step: Float = 1 / 64
        values[index] = original + step
        let above = objective()
        values[index] = original - step
        let below = objective()
        values[index] = original
        return (above - below) / (2 * Double(step))
      }
      expectClose(Array(found[parameter]), slopes, 1e-4, "gradient of '\(parameter.name)'")
    }
  }
}
