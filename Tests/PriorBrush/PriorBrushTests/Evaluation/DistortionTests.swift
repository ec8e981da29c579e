import PriorBrush
import Testing

@Suite struct DistortionTests {
  private static let side = 16
  /// Two images: a diagonal ramp and a coloured checkerboard.
  private static let images: [Float] = (0..<2 * side * side * 3).map { index in
    let (x, y, channel) = (index / 3 % side, index / (3 * side) % side, index % 3)
    if index < side * side * 3 { return Float(x + y) / Float(side) - 1 }
    return (x / 4 + y / 4) % 2 == 0 ? 0.6 - 0.5 * Float(channel) : -0.6 + 0.3 * Float(channel)
  }

  private func error(_ distortion: Distortion, _ level: Double) -> Float {
    let result = distortion.applied(to: Self.images, side: Self.side, level: level, seed: 3)
    return zip(result, Self.images).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test(arguments: Distortion.allCases)
  func `every level moves the images further and keeps their range`(distortion: Distortion) {
    let errors = distortion.levels.map { error(distortion, $0) }
    #expect(errors.allSatisfy { $0 > 0 })
    #expect(errors == errors.sorted())
    for level in distortion.levels {
      let result = distortion.applied(to: Self.images, side: Self.side, level: level, seed: 3)
      #expect(result.count == Self.images.count)
      #expect(result.allSatisfy { (-1...1).contains($0) })
    }
  }

  @Test(arguments: Distortion.allCases)
  func `the same seed distorts alike`(distortion: Distortion) {
    let level = distortion.levels[1]
    #expect(
      distortion.applied(to: Self.images, side: Self.side, level: level, seed: 3)
        == distortion.applied(to: Self.images, side: Self.side, level: level, seed: 3))
  }

  @Test func `a transform without coarse steps restores the image`() {
    #expect(error(.compression, 0) < 0.2)
  }

  @Test func `shuffling moves pixels and invents none`() {
    let result = Distortion.blockShuffle.applied(to: Self.images, side: Self.side, level: 1, seed: 3)
    #expect(result.sorted() == Self.images.sorted())
  }
}
