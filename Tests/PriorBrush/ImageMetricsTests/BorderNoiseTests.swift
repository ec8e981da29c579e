import ImageMetrics
import Testing
import TestSupport

@Suite struct `Noise at the border` {
  private static let side = 8
  private static let size = side * side * 3
  /// Two prompts with four images each.
  private static let noise: [Float] = {
    var generator = SeededGenerator(7)
    // The sum of twelve uniform numbers has the variance 1.
    return (0..<8 * size).map { _ in
      (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &generator) }
    }
  }()

  private func images(_ make: (_ prompt: Int, _ place: Int, _ noise: Float) -> Float) -> [Float] {
    Self.noise.enumerated().map { index, value in make(index / (4 * Self.size), index % Self.size, value) }
  }

  private func isBorder(_ place: Int) -> Bool {
    let (row, column) = (place / 3 / Self.side, place / 3 % Self.side)
    return row == 0 || column == 0 || row == Self.side - 1 || column == Self.side - 1
  }

  @Test func `is the slope over the pixel's own noise, whatever the prompt's image and its inside`() throws {
    let leaky = images { prompt, place, noise in
      isBorder(place) ? Float(prompt) + 0.01 * Float(place) - 0.08 * noise : 7 * noise * noise
    }
    let found = try BorderNoise(leaky, noise: Self.noise, side: Self.side, perPrompt: 4)
    #expect(abs(found.slope + 0.08) < 1e-5)
    #expect(abs(found.correlation + 1) < 1e-5)
    // The noise has the deviation 1, up to chance.
    #expect(abs(found.deviation - 0.08) < 0.008)
  }

  @Test func `is none where the border does not depend on the seed`() throws {
    let clean = images { prompt, place, noise in isBorder(place) ? Float(prompt) : noise }
    let found = try BorderNoise(clean, noise: Self.noise, side: Self.side, perPrompt: 4)
    #expect(found.slope == 0 && found.correlation == 0 && found.deviation == 0)
  }

  @Test func `has a deviation without any noise to compare with`() throws {
    // One image of four is brighter by 2: a variance of (1.5² + 3 · 0.5²) / 3.
    let bright = (0..<8 * Self.size).map { index in Float(index / Self.size % 4 == 0 ? 2 : 0) }
    let found = try BorderNoise(bright, noise: nil, side: Self.side, perPrompt: 4)
    #expect(abs(found.deviation - 1) < 1e-9 && found.slope == 0)
  }

  @Test func `needs several images a prompt, and noise for all of them`() {
    #expect(throws: MetricError.self) {
      try BorderNoise(Self.noise, noise: nil, side: Self.side, perPrompt: 1)
    }
    #expect(throws: MetricError.self) {
      try BorderNoise(Self.noise, noise: nil, side: Self.side, perPrompt: 3)
    }
    #expect(throws: MetricError.self) {
      try BorderNoise(Self.noise, noise: Array(Self.noise.dropLast()), side: Self.side, perPrompt: 4)
    }
  }
}
