import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Denoising` {
  private let denoiser = Micro.denoiser()
  private let noise = Micro.noise(4)
  private let times: [Float] = [0.1, 0.4, 0.8, 1]
  private let captions = Micro.captions()
  private let nothing = Micro.text.encodeNothing(session: Session())

  @Test func `ignores guidance of scale 1`() {
    #expect(distance(clean(captions, Guidance(scale: 1, unconditional: nothing)), clean(captions)) == 0)
  }

  @Test(arguments: [Float(0), 0.5, 2, 4.5])
  func `goes past the conditional image, away from the unconditional one`(scale: Float) {
    let guided = clean(captions, Guidance(scale: scale, unconditional: nothing))
    let (with, without) = (clean(captions), clean(nothing.repeating(0, times: 4)))
    #expect(distance(with, without) > 1e-2)
    #expect(distance(guided, zip(with, without).map { $1 + scale * ($0 - $1) }) < 1e-5 * max(1, scale))
  }

  @Test func `clamps to the limit`() {
    let free = clean(captions)
    #expect(free.contains { abs($0) > 0.5 })
    #expect(distance(clean(captions, limit: 0.5), free.map { min(max($0, -0.5), 0.5) }) == 0)
  }

  @Test func `gives the noisy image back where hardly any noise is`() {
    let untrained = Micro.denoiser(Weights(Micro.network.layout, seed: 1))
    let images = untrained.cleanImages(noise, times: [0, 0, 0, 0], captions: captions)
    #expect(distance(images, noise.map { NoiseSchedule.alpha(0) * $0 }) < 1e-6)
  }

  private func clean(_ captions: EncodedCaptions, _ guidance: Guidance? = nil, limit: Float = .infinity) -> [Float] {
    denoiser.cleanImages(noise, times: times, captions: captions, guidance: guidance, limit: limit)
  }
}
