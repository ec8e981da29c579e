import PNGImage
import Testing

@Suite struct `Images in memory` {
  @Test func `is mixed premultiplied so that hidden colours do not bleed`() {
    let image = Image(width: 2, height: 2, channels: 4, pixels: [200, 100, 0, 255, 9, 9, 9, 0, 9, 9, 9, 0, 9, 9, 9, 0])
    let half = image.boxHalved()
    #expect(half == Image(width: 1, height: 1, channels: 4, pixels: [200, 100, 0, 64]))
  }

  @Test func `is halved by the mean of two by two, leaving out an odd edge`() {
    let image = Image(width: 3, height: 3, channels: 1, pixels: [0, 10, 99, 20, 31, 99, 99, 99, 99])
    #expect(image.boxHalved() == Image(width: 1, height: 1, channels: 1, pixels: [15]))
    let odd = Image(width: 2, height: 2, channels: 1, pixels: [0, 10, 20, 32])
    #expect(odd.boxHalved().pixels == [16])
  }

  @Test(arguments: [ResamplingFilter.area, .lanczos], [1, 3, 7, 16, 40])
  func `keeps a constant colour at every size`(filter: ResamplingFilter, size: Int) {
    let image = Image(width: 16, height: 11, colour: [10, 200, 77, 128])
    let expected = Image(width: size, height: size + 2, colour: [10, 200, 77, 128])
    #expect(image.resized(width: size, height: size + 2, filter: filter) == expected)
  }

  @Test func `is shrunk by the exact area that a pixel covers`() {
    let image = Image(width: 3, height: 1, channels: 1, pixels: [30, 60, 90])
    #expect(image.resized(width: 2, height: 1, filter: .area).pixels == [40, 80])
  }

  @Test func `keeps its mean when it is shrunk with the Lanczos filter`() {
    let image = sample(64, 64, 1).resized(width: 32, height: 32, filter: .area)
    let small = image.resized(width: 8, height: 8)
    func mean(_ image: Image) -> Double { Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count) }
    #expect(abs(mean(image) - mean(small)) < 3)
  }

  @Test func `is put over a colour by its alpha`() {
    let image = Image(width: 3, height: 1, channels: 4, pixels: [255, 0, 0, 255, 255, 0, 0, 0, 255, 0, 0, 51])
    #expect(image.composited(over: (0, 100, 50)).pixels == [255, 0, 0, 0, 100, 50, 51, 80, 40])
    #expect(Image(width: 1, height: 1, colour: [7]).composited().pixels == [7, 7, 7])
  }

  @Test func `is mirrored and shifted by whole pixels`() {
    let image = Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image.mirrored().pixels == [3, 2, 1, 6, 5, 4])
    #expect(image.mirrored().mirrored() == image)
    #expect(image.shifted(right: 1, down: 0, fill: [0]).pixels == [0, 1, 2, 0, 4, 5])
    #expect(image.shifted(right: -1, down: 1, fill: [9]).pixels == [9, 9, 9, 2, 3, 9])
    #expect(image.shifted(right: 5, down: -7, fill: [8]).pixels == [8, 8, 8, 8, 8, 8])
  }

  @Test func `becomes floats and back without loss`() {
    let image = Image(width: 16, height: 16, channels: 1, pixels: (0...255).map { UInt8($0) })
    let floats = image.signedFloats()
    #expect(floats.first == -1 && floats.last == 1)
    #expect(Image(width: 16, height: 16, channels: 1, signedFloats: floats) == image)
  }

  @Test func `takes floats beyond the range and NaN without a crash`() {
    let values: [Float] = [-3, 2, .nan, .infinity, -.infinity, 0.003]
    let image = Image(width: 6, height: 1, channels: 1, signedFloats: values)
    #expect(image.pixels == [0, 255, 0, 255, 0, 128])
  }

  @Test func `knows whether it is translucent`() {
    #expect(!Image(width: 1, height: 1, colour: [1, 2, 3]).isTranslucent)
    #expect(!Image(width: 1, height: 1, colour: [1, 2, 3, 255]).isTranslucent)
    #expect(Image(width: 1, height: 1, colour: [1, 2, 3, 254]).isTranslucent)
  }

  @Test func `with an impossible number of values stops the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 2, height: 2, channels: 3, pixels: [1, 2, 3])
    }
  }
}
