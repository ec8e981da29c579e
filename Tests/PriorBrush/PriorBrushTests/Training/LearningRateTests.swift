import PriorBrush
import Testing

@Suite struct `Learning rate` {
  @Test func `rises linearly and falls along half a cosine`() {
    let rate = LearningRate(peak: 2, warmupSteps: 4)
    #expect((0..<4).map { rate.value(at: $0, of: 1_000_000) }.elementsEqual([0.5, 1, 1.5, 2], by: isNear))
    let plain = LearningRate(peak: 2)
    #expect(
      [0, 25, 50, 75, 100].map { plain.value(at: $0, of: 100) }.elementsEqual([2, 1.7071, 1, 0.2929, 0], by: isNear))
  }

  @Test func `stays at its peak before the share in which it falls`() {
    let rate = LearningRate(peak: 1, decayShare: 0.4)
    #expect([0, 30, 60, 80, 100].map { rate.value(at: $0, of: 100) }.elementsEqual([1, 1, 1, 0.5, 0], by: isNear))
    #expect([0, 99].map { LearningRate(peak: 1, decayShare: 0).value(at: $0, of: 100) } == [1, 1])
  }

  @Test func `ends at its floor`() {
    var rate = LearningRate(peak: 2)
    rate.floor = 0.1
    #expect([0, 100].map { rate.value(at: $0, of: 100) }.elementsEqual([2, 0.2], by: isNear))
  }

  private func isNear(_ first: Float, _ second: Float) -> Bool { abs(first - second) < 1e-4 }
}
