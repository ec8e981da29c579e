import ImageMetrics
import PNGImage
import Testing

@Suite struct `Structural similarity` {
  @Test func `agrees with scikit-image on 8-bit images to 1e-6`() throws {
    for fixture in try MetricFixtures.load().cases {
      let (image, reference) = fixture.images
      #expect(abs(try structuralSimilarity(image, reference) - fixture.bytes.uniform7) < 1e-6, "\(fixture)")
      if let expected = fixture.bytes.gaussian {
        #expect(abs(try structuralSimilarity(image, reference, window: .gaussian) - expected) < 1e-6, "\(fixture)")
      }
    }
  }

  @Test func `agrees with scikit-image on floats to 2e-4`() throws {
    for fixture in try MetricFixtures.load().cases {
      let (image, reference) = try floats(fixture)
      #expect(abs(try structuralSimilarity(image, reference) - fixture.floats.uniform7) < 2e-4, "\(fixture)")
      if let expected = fixture.floats.gaussian {
        #expect(abs(try structuralSimilarity(image, reference, window: .gaussian) - expected) < 2e-4, "\(fixture)")
      }
    }
  }

  @Test(arguments: SimilarityWindow.allCases)
  func `is exactly 1 for equal images and symmetric for others`(window: SimilarityWindow) throws {
    for fixture in try MetricFixtures.load().cases where min(fixture.width, fixture.height) >= window.side {
      let (image, reference) = fixture.images
      #expect(try structuralSimilarity(image, image, window: window) == 1)
      let forward = try structuralSimilarity(image, reference, window: window)
      let backward = try structuralSimilarity(reference, image, window: window)
      #expect(abs(forward - backward) < 1e-12)
      if fixture.kind == "negative" { #expect(forward < 0) }
    }
  }

  @Test(arguments: SimilarityWindow.allCases)
  func `refuses images smaller than the window`(window: SimilarityWindow) throws {
    let image = Image(width: window.side - 1, height: 40, colour: [1, 2, 3])
    let error = #expect(throws: MetricError.self) { try structuralSimilarity(image, image, window: window) }
    #expect(error?.code == .tooSmall)
    #expect(error?.message.contains(window.rawValue) == true)
  }

  @Test func `refuses images of different shapes`() throws {
    let first = Image(width: 20, height: 30, colour: [1, 2, 3])
    for second in [Image(width: 30, height: 20, colour: [1, 2, 3]), Image(width: 20, height: 30, colour: [1])] {
      let error = #expect(throws: MetricError.self) { try structuralSimilarity(first, second) }
      #expect(error?.code == .shapeMismatch)
      #expect(error?.message.contains("20 x 30 x 3") == true)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `refuses a value that is not finite and says where it is`(value: Float) throws {
    var values = [Float](repeating: 0, count: 9 * 8 * 3)
    values[(4 * 9 + 5) * 3 + 1] = value
    let error = #expect(throws: MetricError.self) {
      try SampledImage(width: 9, height: 8, channels: 3, values: values, dataRange: 2)
    }
    #expect(error?.code == .notFinite)
    #expect(error?.message.contains("column 5, row 4, channel 1") == true)
  }

  @Test(arguments: [0, -1, Double.nan, .infinity])
  func `refuses a data range that is not a positive number`(dataRange: Double) throws {
    let error = #expect(throws: MetricError.self) {
      try SampledImage(width: 1, height: 1, channels: 1, values: [0], dataRange: dataRange)
    }
    #expect(error?.code == .badDataRange)
  }

  @Test func `refuses images with different data ranges`() throws {
    let first = try SampledImage(width: 8, height: 8, channels: 1, values: .init(repeating: 0, count: 64), dataRange: 1)
    let second = try SampledImage(
      width: 8, height: 8, channels: 1, values: .init(repeating: 0, count: 64), dataRange: 2)
    let error = #expect(throws: MetricError.self) { try structuralSimilarity(first, second) }
    #expect(error?.code == .badDataRange)
  }
}

func floats(_ fixture: MetricFixtures.Case) throws -> (SampledImage, SampledImage) {
  let (image, reference) = fixture.images
  func sampled(_ image: Image) throws -> SampledImage {
    try SampledImage(
      width: image.width, height: image.height, channels: image.channels, values: image.signedFloats(), dataRange: 2)
  }
  return (try sampled(image), try sampled(reference))
}
