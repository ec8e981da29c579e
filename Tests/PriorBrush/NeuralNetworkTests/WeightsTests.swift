import NeuralNetwork
import Testing

@Suite struct WeightsTests {
  @Test func `parameters start on cache lines and with their initial values`() {
    var layout = ParameterLayout()
    let a = layout.add("a", [3], .ones)
    let b = layout.add("b", [64, 100], .normal(standardDeviation: 0.5))
    let c = layout.add("c", [100, 25], .fanIn(25))
    let d = layout.add("d", [2], .zeros)
    #expect([a, b, c, d].allSatisfy { $0.offset % 16 == 0 })
    #expect(layout.parameterCount == 3 + 6400 + 2500 + 2 && layout.parameter(named: "c") == c)
    let weights = Weights(layout, seed: 7)
    #expect(UInt(bitPattern: weights.values.baseAddress) % 64 == 0)
    #expect(Array(weights[a]) == [1, 1, 1] && Array(weights[d]) == [0, 0])
    let variance = weights[b].reduce(0) { $0 + $1 * $1 } / 6400
    #expect(abs(variance - 0.25) < 0.02)
    #expect(weights[c].allSatisfy { abs($0) <= 0.2 } && weights[c].contains { abs($0) > 0.19 })
  }

  @Test func `a parameter starts alike whatever else the layout holds`() {
    var small = ParameterLayout()
    let lone = small.add("kernel", [4, 4], .normal(standardDeviation: 1))
    var large = ParameterLayout()
    _ = large.add("first", [100], .normal(standardDeviation: 1))
    let later = large.add("kernel", [4, 4], .normal(standardDeviation: 1))
    let (one, two, three) = (Weights(small, seed: 3), Weights(large, seed: 3), Weights(small, seed: 4))
    #expect(Array(one[lone]) == Array(two[later]))
    #expect(Array(three[lone]) != Array(two[later]))
  }

  @Test func `a copy is independent`() {
    var layout = ParameterLayout()
    let a = layout.add("a", [3], .ones)
    let weights = Weights(layout, seed: 1)
    let copy = weights.copy()
    weights.add(copy, scaled: 2)
    #expect(Array(weights[a]) == [3, 3, 3] && Array(copy[a]) == [1, 1, 1])
    copy.set(to: weights)
    #expect(Array(copy[a]) == [3, 3, 3])
  }

  @Test func `weights survive the way through a file`() throws {
    var layout = ParameterLayout()
    _ = layout.add("a", [3, 4], .normal(standardDeviation: 1))
    _ = layout.add("b", [5], .normal(standardDeviation: 1))
    let weights = Weights(layout, seed: 1)
    let bytes = SafeTensors.encode(weights.tensors(prefix: "net."), metadata: [:], half: false)
    let again = try Weights(layout, file: SafeTensors(path: "memory", bytes: bytes), prefix: "net.")
    #expect(Array(again.values) == Array(weights.values))
  }
}
