import ImageMetrics
import PNGImage
import Testing

@Suite struct `Image detail` {
  @Test func `agrees with SciPy and scikit-image`() throws {
    for fixture in try SetFixtures.load().images {
      let image = SetFixtures.image(
        width: fixture.width, height: fixture.height, channels: fixture.channels, seed: fixture.seed)
      let detail = try ImageDetail(image)
      expectNear(detail.laplacianVariance, fixture.laplacianVariance, 1e-9)
      expectNear(detail.totalVariation, fixture.totalVariation, 1e-9)
      expectNear(detail.saturation, fixture.saturation, 1e-6)
      expectNear(detail.clippedShare, fixture.clippedShare, 1e-9)
    }
  }

  @Test func `is nothing for an even grey and full for pure red`() throws {
    let grey = try ImageDetail(Image(width: 5, height: 4, colour: [90, 90, 90]))
    #expect(grey.laplacianVariance == 0 && grey.totalVariation == 0 && grey.saturation == 0 && grey.clippedShare == 0)
    let red = try ImageDetail(Image(width: 5, height: 4, colour: [255, 0, 0]))
    #expect(red.saturation == 1 && red.clippedShare == 1)
    let error = #expect(throws: MetricError.self) { try ImageDetail(Image(width: 1, height: 9, colour: [1])) }
    #expect(error?.code == .tooSmall)
  }
}

@Suite struct `Power spectrum` {
  @Test func `agrees with NumPy for sides of any length`() throws {
    for fixture in try SetFixtures.load().images {
      let images = [0, 9].map {
        SetFixtures.image(
          width: fixture.width, height: fixture.height, channels: fixture.channels, seed: fixture.seed + $0)
      }
      let found = try PowerSpectrum(of: images).decibels
      #expect(found.count == fixture.spectrum.count)
      for (value, expected) in zip(found, fixture.spectrum) { #expect(abs(value - expected) < 1e-6) }
    }
  }

  @Test func `tells blur from speckle`() throws {
    let image = SetFixtures.image(width: 32, height: 32, channels: 3, seed: 5)
    let real = try PowerSpectrum(of: [image])
    let blurred = image.resized(width: 12, height: 12).resized(width: 32, height: 32)
    #expect(try PowerSpectrum(of: [blurred]).difference(from: real).signedFineDetail < -3)
    let flat = Image(width: 32, height: 32, colour: [128, 128, 128])
    let speckle = SetFixtures.image(width: 32, height: 32, channels: 3, seed: 77)
    let difference = try PowerSpectrum(of: [speckle]).difference(from: PowerSpectrum(of: [flat]))
    #expect(difference.signedFineDetail > 3 && difference.fineDetail > 3 && difference.overall > 3)
    let same = try real.difference(from: real)
    #expect(same.overall == 0 && same.fineDetail == 0)
  }

  @Test func `refuses images that cannot be averaged or compared`() throws {
    let (small, large) = (Image(width: 8, height: 8, colour: [1]), Image(width: 16, height: 8, colour: [1]))
    let mixed = #expect(throws: MetricError.self) { try PowerSpectrum(of: [small, large]) }
    #expect(mixed?.code == .shapeMismatch)
    let none = #expect(throws: MetricError.self) { try PowerSpectrum(of: []) }
    #expect(none?.code == .tooFew)
    let tiny = #expect(throws: MetricError.self) { try PowerSpectrum(of: [Image(width: 3, height: 9, colour: [1])]) }
    #expect(tiny?.code == .tooSmall)
    let spectra = (try PowerSpectrum(of: [small]), try PowerSpectrum(of: [large]))
    let other = #expect(throws: MetricError.self) { try spectra.0.difference(from: spectra.1) }
    #expect(other?.code == .shapeMismatch)
  }
}

@Suite struct `Sliced Wasserstein distance` {
  @Test func `agrees with the published code`() throws {
    for fixture in try SetFixtures.load().wasserstein {
      let sets = [0, 100].map { start in
        (0..<fixture.count).map {
          SetFixtures.image(width: fixture.side, height: fixture.side, channels: 3, seed: start + $0)
        }
      }
      let found = try SlicedWassersteinDistance(
        sets[0], sets[1], patches: fixture.patches, directions: fixture.directions, seed: fixture.seed)
      #expect(found.levels.map(\.side) == (0..<fixture.levels.count).map { fixture.side >> $0 })
      for (level, expected) in zip(found.levels, fixture.levels) { expectNear(level.distance, expected, 1e-5) }
      #expect(try SlicedWassersteinDistance(sets[0], sets[0], patches: 4, directions: 3).mean == 0)
    }
  }

  @Test func `says how far another choice of directions would move it`() throws {
    let sets = [0, 100].map { start in
      (0..<12).map { SetFixtures.image(width: 32, height: 32, channels: 3, seed: start + $0) }
    }
    func distance(_ directions: Int, seed: UInt64) throws -> SlicedWassersteinDistance {
      try SlicedWassersteinDistance(sets[0], sets[1], patches: 16, directions: directions, seed: seed)
    }
    let few = try distance(64, seed: 1)
    let many = try distance(512, seed: 1)
    #expect(few.standardError > 0 && many.standardError < few.standardError)
    #expect(few.levels.allSatisfy { $0.standardError > 0 })
    #expect(try distance(1, seed: 1).standardError == 0)
    #expect(try distance(512, seed: 1).mean == many.mean)
  }

  @Test func `refuses sets that do not fit together`() throws {
    let image = Image(width: 16, height: 16, colour: [1, 2, 3])
    func code(_ first: [Image], _ second: [Image]) -> MetricError.Code? {
      let error = #expect(throws: MetricError.self) { try SlicedWassersteinDistance(first, second) }
      return error?.code
    }
    #expect(code([], []) == .tooFew)
    #expect(code([image], [image, image]) == .countMismatch)
    #expect(code([image], [Image(width: 16, height: 16, colour: [1])]) == .shapeMismatch)
    let small = Image(width: 12, height: 16, colour: [1, 2, 3])
    #expect(code([small], [small]) == .tooSmall)
  }
}
