import ImageMetrics
import PNGImage
import Testing

@Suite struct `Pixel error` {
  @Test func `agrees with scikit-image`() throws {
    for fixture in try MetricFixtures.load().cases {
      let (image, reference) = fixture.images
      let bytes = try PixelError(image, reference)
      #expect(abs(bytes.meanSquared - fixture.bytes.mse) <= 1e-9 * max(fixture.bytes.mse, 1))
      #expect(abs(bytes.meanAbsolute - fixture.bytes.mae) <= 1e-9 * max(fixture.bytes.mae, 1))
      let (first, second) = try floats(fixture)
      let numbers = try PixelError(first, second)
      #expect(abs(numbers.meanSquared - fixture.floats.mse) < 1e-5)
      #expect(abs(numbers.meanAbsolute - fixture.floats.mae) < 1e-5)
      guard let expected = fixture.bytes.psnr, let expectedFloats = fixture.floats.psnr else {
        #expect(bytes.isIdentical && numbers.isIdentical)
        continue
      }
      #expect(abs(bytes.peakSignalToNoise - expected) < 1e-9)
      #expect(abs(numbers.peakSignalToNoise - expectedFloats) < 1e-4)
    }
  }

  @Test func `is infinite and flagged for identical images`() throws {
    let image = Image(width: 4, height: 4, colour: [9, 9, 9])
    let error = try PixelError(image, image)
    #expect(error.isIdentical)
    #expect(error.peakSignalToNoise == .infinity)
    #expect(error.meanAbsolute == 0)
  }

  @Test func `pools to a finite ratio when one image is identical`() throws {
    let image = Image(width: 2, height: 2, colour: [100])
    let other = Image(width: 2, height: 2, colour: [110])
    let pooled = try #require(PixelError.pooled([try PixelError(image, image), try PixelError(image, other)]))
    #expect(pooled.meanSquared == 50)
    #expect(pooled.meanAbsolute == 5)
    #expect(pooled.peakSignalToNoise.isFinite)
    #expect(PixelError.pooled([]) == nil)
  }
}

@Suite struct `Error map` {
  @Test func `averages absolute differences over channels`() throws {
    var image = Image(width: 3, height: 2, colour: [0, 0, 0])
    let reference = image
    image[2, 1, 0] = 255
    image[2, 1, 1] = 51
    let map = try ErrorMap(image, reference)
    #expect(map.values.prefix(5).allSatisfy { $0 == 0 })
    #expect(abs(map.values[5] - 0.4) < 1e-6)
  }

  @Test func `has a fixed scale that ends at a quarter`() throws {
    let black = Image(width: 1, height: 1, colour: [0])
    func shade(_ value: Float) throws -> UInt8 {
      let other = try SampledImage(width: 1, height: 1, channels: 1, values: [value], dataRange: 1)
      let zero = try SampledImage(width: 1, height: 1, channels: 1, values: [0], dataRange: 1)
      return try ErrorMap(other, zero).image()[0, 0, 0]
    }
    #expect(try ErrorMap(black, black).image()[0, 0, 0] == 0)
    #expect(try shade(0.125) == 128)
    #expect(try shade(0.25) == 255)
    #expect(try shade(0.9) == 255)
  }

  @Test func `is drawn with a bar that runs from white to black`() throws {
    let image = Image(width: 32, height: 32, colour: [10, 10, 10])
    let figure = try ErrorMap(image, image).figure(enlargement: 4)
    let bar = 4 + 128 + 4
    #expect(figure.channels == 3)
    #expect(figure.height == 128 + 8)
    #expect(figure[bar, 4, 0] == 255)
    #expect(figure[bar, 4 + 127, 0] == 0)
    #expect(figure[10, 10, 0] == 0)
  }
}
