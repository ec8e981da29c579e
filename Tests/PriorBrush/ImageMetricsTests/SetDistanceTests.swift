import ImageMetrics
import Testing

@Suite struct `Distances of sets` {
  @Test func `agree with pytorch-fid, clean-fid and NumPy`() throws {
    for fixture in try SetFixtures.load().sets {
      let (made, real) = (try fixture.made(), try fixture.real())
      expectNear(try FrechetDistance(made, real).value, fixture.frechet, 1e-6)
      expectNear(try FrechetDistance.realBaseline(real).value, fixture.baseline, 1e-6)
      let line = try FrechetExtrapolation(made, real, sizes: 5, seed: 3)
      expectNear(line.value, fixture.extrapolated.value, 1e-5)
      expectNear(line.slope, fixture.extrapolated.slope, 1e-6)
      let kernel = try KernelDistance(made, real, blocks: fixture.blocks)
      expectNear(kernel.value, fixture.kernel, 1e-6)
      expectNear(kernel.standardError, fixture.kernelError, 1e-6)
      let whole = try KernelDistance.ofSubsets(made, real, subsets: 3, size: fixture.count)
      expectNear(whole, fixture.kernel, 1e-6)
    }
  }

  @Test func `of one distribution are within the spread that they report`() throws {
    let first = try SetFixtures.features(seed: 51, count: 400, width: 16)
    let second = try SetFixtures.features(seed: 52, count: 400, width: 16)
    let distance = try KernelDistance(first, second)
    #expect(abs(distance.value) < 4 * distance.standardError)
    #expect(distance.interval.contains(distance.value) && distance.leavingOut.count == 20)
    let line = try FrechetExtrapolation(first, second, sizes: 8)
    let plain = try FrechetDistance(first, second).value
    #expect(line.value < plain && line.slope > 0 && line.points.last?.count == 400)
  }

  @Test func `need no full rank where the caller says so`() throws {
    let first = try SetFixtures.features(seed: 61, count: 6, width: 8)
    let second = try SetFixtures.features(seed: 62, count: 6, width: 8)
    let value = try FrechetDistance(first, second, allowingRankDeficiency: true).value
    #expect(value > 0)
    let back = try FrechetDistance(second, first, allowingRankDeficiency: true).value
    expectNear(value, back, 1e-6)
  }
}

@Suite struct `Fréchet distance of few vectors` {
  @Test(arguments: [(7, 5, 9), (12, 20, 40), (2, 2, 3)])
  func `is that of the covariances`(made: Int, real: Int, width: Int) throws {
    let first = try SetFixtures.features(seed: 63, count: made, width: width, shift: 0.3)
    let second = try SetFixtures.features(seed: 64, count: real, width: width)
    let short = try FrechetDistance(first, second, allowingRankDeficiency: true).value
    let long = try FeatureStatistics(first).frechetDistance(to: FeatureStatistics(second))
    expectNear(short, long, 1e-6)
    #expect(try abs(FrechetDistance(first, first, allowingRankDeficiency: true).value) < 1e-6)
  }
}

@Suite struct `Sets of features` {
  private func code(_ body: () throws -> Void) -> MetricError? {
    do {
      try body()
      return nil
    } catch {
      return error as? MetricError
    }
  }

  @Test func `refuse numbers that are not finite and say where`() throws {
    let error = try #require(code { _ = try FeatureSet([1, 2, 3, 4, .nan, 6], width: 2) })
    #expect(error.code == .notFinite)
    #expect(error.message.hasPrefix("feature 0 of vector 2 is nan"))
    #expect(code { _ = try FeatureSet([1, 2, 3], width: 2) }?.code == .widthMismatch)
    #expect(code { _ = try FeatureSet([], width: 2) }?.code == .tooFew)
  }

  @Test func `refuse sets of other widths in every metric`() throws {
    let first = try SetFixtures.features(seed: 1, count: 60, width: 3)
    let second = try SetFixtures.features(seed: 1, count: 60, width: 4)
    let errors = [
      code { _ = try FrechetDistance(first, second) }, code { _ = try FrechetExtrapolation(first, second) },
      code { _ = try KernelDistance(first, second) }, code { _ = try KernelDistance.ofSubsets(first, second) },
      code { _ = try ManifoldOverlap(first, second) }, code { _ = try MemorisationAudit(first, training: second) },
      code { _ = try RetrievalScore(images: first, captions: second, own: Array(0..<60)) },
    ]
    for error in errors {
      #expect(error?.code == .widthMismatch)
      #expect(error?.message.contains("vectors of 3 and of 4 numbers") == true)
    }
  }

  @Test func `refuse a single image in every metric`() throws {
    let one = try SetFixtures.features(seed: 1, count: 1, width: 3)
    let errors = [
      code { _ = try FeatureStatistics(one) }, code { _ = try FrechetDistance(one, one) },
      code { _ = try FrechetDistance.realBaseline(one) }, code { _ = try FrechetExtrapolation(one, one) },
      code { _ = try KernelDistance(one, one) }, code { _ = try KernelDistance.ofSubsets(one, one) },
      code { _ = try ManifoldOverlap(one, one) }, code { _ = try MemorisationAudit(one, training: one) },
      code { _ = try PromptDiversity(one, prompts: [0]) },
    ]
    for error in errors { #expect(error?.code == .tooFew, "\(String(describing: error))") }
  }

  @Test func `refuse covariances of too few images by naming both numbers`() throws {
    let set = try SetFixtures.features(seed: 1, count: 8, width: 8)
    let error = try #require(code { _ = try FrechetDistance(set, set) })
    #expect(error.code == .rankDeficient)
    #expect(error.message.contains("8 images cannot give a covariance of 8 features full rank (n <= d)"))
    let larger = try SetFixtures.features(seed: 1, count: 60, width: 15)
    #expect(code { _ = try FrechetExtrapolation(larger, larger, sizes: 5) }?.code == .rankDeficient)
  }

  @Test func `refuse lists that do not fit and parameters out of range`() throws {
    let set = try SetFixtures.features(seed: 1, count: 40, width: 3)
    #expect(code { _ = try PromptDiversity(set, prompts: [1]) }?.code == .countMismatch)
    #expect(code { _ = try MemorisationAudit(set, training: set, subjects: [1]) }?.code == .countMismatch)
    #expect(code { _ = try RetrievalScore(images: set, captions: set, own: [0]) }?.code == .countMismatch)
    let far = Array(repeating: 40, count: 40)
    #expect(code { _ = try RetrievalScore(images: set, captions: set, own: far) }?.code == .badParameter)
    #expect(code { _ = try KernelDistance(set, set, blocks: 1) }?.code == .badParameter)
    #expect(code { _ = try ManifoldOverlap(set, set, neighbours: 0) }?.code == .badParameter)
    #expect(code { _ = try FrechetExtrapolation(set, set, sizes: 2) }?.code == .badParameter)
  }
}
