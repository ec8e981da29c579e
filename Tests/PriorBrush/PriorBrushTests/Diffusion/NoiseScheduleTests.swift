import Foundation
import PriorBrush
import Testing

@Suite struct `Noise schedule` {
  private let times = (0...100).map { Float($0) / 100 }

  @Test func `preserves variance and stops short of both ends`() {
    for time in times {
      let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
      #expect(abs(alpha * alpha + sigma * sigma - 1) < 1e-6)
      #expect(alpha > 0.003 && alpha < 1 && sigma > 0.003 && sigma < 1)
    }
  }

  @Test func `loses signal as time goes on`() {
    let ratios = times.map(NoiseSchedule.halfLogSNR)
    #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 > $1 })
    #expect(abs(NoiseSchedule.halfLogSNR(0.5)) < 1e-5)
  }

  @Test func `finds the time of a signal-to-noise ratio`() {
    for time in times {
      #expect(abs(NoiseSchedule.time(halfLogSNR: NoiseSchedule.halfLogSNR(time)) - time) < 1e-5)
    }
  }

  @Test func `turns velocity into image and noise and back`() {
    let (image, noise): (Float, Float) = (0.37, -1.2)
    for time in times {
      let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
      let noisy = alpha * image + sigma * noise
      let velocity = alpha * noise - sigma * image
      #expect(abs(alpha * noisy - sigma * velocity - image) < 2e-6)
      #expect(abs(sigma * noisy + alpha * velocity - noise) < 2e-6)
      #expect(abs((alpha * noisy - image) / sigma - velocity) < 5e-4)
    }
  }
}
