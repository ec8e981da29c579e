import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Times of a distillation` {
  @Test func `are drawn evenly unless fine ones are asked for`() {
    var (drawn, uniform) = (RandomStream(seed: 4, stream: 1), RandomStream(seed: 4, stream: 1))
    for _ in 0..<1000 {
      #expect(DistillationTimes().draw(using: &drawn) == 0.02 + uniform.uniform() * (0.98 - 0.02))
    }
    for _ in 0..<1000 { #expect(DistillationTimes(range: 0...1).draw(using: &drawn) == uniform.uniform()) }
  }

  @Test func `are at small noise levels as often as asked for, evenly in their logarithm`() {
    var times = DistillationTimes()
    (times.fineShare, times.fineRatios) = (0.5, 0.01...0.3)
    var stream = RandomStream(seed: 5, stream: 1)
    let ratios = (0..<20_000).map { _ in
      let time = times.draw(using: &stream)
      return NoiseSchedule.sigma(time) / NoiseSchedule.alpha(time)
    }
    #expect(stream.position == 20_000)
    #expect(ratios.allSatisfy { $0 > 0.0099 && $0 < 100 })
    // The even draws reach below 0.3 for the times up to 0.184: a share of 0.171 of [0.02, 0.98].
    let below = { (limit: Float) in Double(ratios.count { $0 < limit }) / 20_000 }
    #expect(abs(below(0.3) - (0.5 + 0.5 * 0.171)) < 0.012, "\(below(0.3))")
    // 0.0311 is where a third of the logarithms from 0.01 to 0.3 lie below; no even draw does but those from 0.02 to 0.0172.
    #expect(abs(below(0.0311) - 0.5 / 3) < 0.012, "\(below(0.0311))")
  }
}
