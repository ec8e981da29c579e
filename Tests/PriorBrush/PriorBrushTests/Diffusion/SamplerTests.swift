import PriorBrush
import Testing

/// The images are single numbers with a normal distribution, whose best denoiser is known; every sampler then maps noise to
/// `offset + gain · noise`.
@Suite struct `Sampling` {
  private static let mean: Float = 0.7
  private static let deviation: Float = 0.4

  @Test(arguments: Sampler.allCases)
  func `reproduces mean and deviation in many steps`(sampler: Sampler) {
    let (offset, gain) = line(sampler, steps: 200)
    #expect(abs(offset - Self.mean) < 0.005)
    #expect(abs(gain - Self.deviation) < 0.005)
  }

  @Test func `comes to the same image in many steps by both methods`() {
    let (first, second) = (line(.ddim, steps: 200), line(.dpmSolver, steps: 200))
    #expect(abs(first.offset - second.offset) < 0.005)
    #expect(abs(first.gain - second.gain) < 0.005)
  }

  @Test func `is nearer to the end result in ten steps by the second-order method`() {
    let end = line(.dpmSolver, steps: 200).gain
    let (ddim, solver) = (line(.ddim, steps: 10).gain, line(.dpmSolver, steps: 10).gain)
    #expect(abs(solver - end) < 0.2 * abs(ddim - end))
  }

  @Test(arguments: Sampler.allCases)
  func `visits falling times`(sampler: Sampler) {
    for steps in [1, 2, 5, 50] {
      for start in [Float(1), 0.45] {
        let times = sampler.times(steps: steps, from: start)
        #expect(times.count == steps)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 > $1 })
        #expect(times.allSatisfy { $0 > 0 && $0 <= start + 1e-5 })
      }
    }
  }

  @Test(arguments: Sampler.allCases)
  func `returns the prediction itself in one step`(sampler: Sampler) {
    var calls = 0
    let images = sampler.images(from: [0.5, -2], times: sampler.times(steps: 1)) { noisy, time in
      calls += 1
      #expect(noisy == [0.5, -2] && time == 1)
      return [7, 8]
    }
    #expect(images == [7, 8])
    #expect(calls == 1)
  }

  private func line(_ sampler: Sampler, steps: Int) -> (offset: Float, gain: Float) {
    let ends = sampler.images(from: [0, 1], times: sampler.times(steps: steps)) { noisy, time in
      let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
      let variance = Self.deviation * Self.deviation
      let gain = variance * alpha / (alpha * alpha * variance + sigma * sigma)
      return noisy.map { Self.mean + gain * ($0 - alpha * Self.mean) }
    }
    return (ends[0], ends[1] - ends[0])
  }
}
