import ImageMetrics
import Testing

@Suite struct `Overlap of sets` {
  @Test func `agrees with prdc`() throws {
    for fixture in try SetFixtures.load().sets {
      let found = try ManifoldOverlap(fixture.made(), fixture.real(), neighbours: fixture.neighbours)
      expectNear(found.precision, fixture.overlap.precision, 1e-6)
      expectNear(found.recall, fixture.overlap.recall, 1e-6)
      expectNear(found.density, fixture.overlap.density, 1e-6)
      expectNear(found.coverage, fixture.overlap.coverage, 1e-6)
    }
  }

  @Test func `tells a narrow generator from a poor one`() throws {
    let real = try SetFixtures.features(seed: 71, count: 200, width: 4)
    let narrow = try FeatureSet(real.values.map { $0 * 0.2 }, width: 4)
    let far = try FeatureSet(real.values.map { $0 + 50 }, width: 4)
    let (first, second) = (try ManifoldOverlap(narrow, real), try ManifoldOverlap(far, real))
    #expect(first.precision > 0.9 && first.recall < 0.6 && first.coverage < 0.6)
    #expect(second.precision == 0 && second.density == 0 && second.coverage == 0)
  }
}

@Suite struct `Diversity, memorisation and retrieval` {
  @Test func `agree with SciPy`() throws {
    for fixture in try SetFixtures.load().sets {
      let (made, real) = (try fixture.made(), try fixture.real())
      let prompts = (0..<fixture.count).map { $0 % (fixture.count / 4) }
      expectNear(try PromptDiversity(made, prompts: prompts).value, fixture.diversity, 1e-6)
      let audit = try MemorisationAudit(made, training: real, threshold: 0.9)
      expectNear(audit.share, fixture.memorised, 1e-6)
      let mean = audit.findings.reduce(0) { $0 + $1.distance } / Double(fixture.count)
      expectNear(mean, fixture.nearest, 1e-6)
      let score = try RetrievalScore(images: made, captions: real, own: Array(0..<fixture.count))
      expectNear(score.meanCosine, fixture.retrieval.cosine, 1e-6)
      expectNear(score.recall(at: 1), fixture.retrieval.top1, 1e-6)
      expectNear(score.recall(at: 5), fixture.retrieval.top5, 1e-6)
    }
  }

  @Test func `a copy is found even among several drawings of its subject`() throws {
    let training = try FeatureSet([0, 0, 0.1, 0, 10, 0, 20, 0], width: 2)
    let copy = try FeatureSet([0.01, 0, 15, 0], width: 2)
    let plain = try MemorisationAudit(copy, training: training)
    let grouped = try MemorisationAudit(copy, training: training, subjects: [7, 7, 8, 9])
    #expect(plain.findings[0].nearest == 0 && plain.share == 0.5)
    #expect(grouped.findings[0].secondDistance > 9 && grouped.share == 0.5)
    let second = try MemorisationAudit(
      FeatureSet([0.05, 0], width: 2), training: training, subjects: [7, 7, 8, 9])
    #expect(second.share == 1)
  }

  @Test func `prompts with a single image are left out`() throws {
    let set = try FeatureSet([0, 3, 10], width: 1)
    let diversity = try PromptDiversity(set, prompts: [4, 4, 5])
    #expect(diversity.perPrompt == [3] && diversity.value == 3)
  }

  @Test func `captions that tie with the right one count against it`() throws {
    let images = try FeatureSet([1, 0], width: 2)
    let captions = try FeatureSet([2, 0, 5, 0, 0, 1], width: 2)
    let score = try RetrievalScore(images: images, captions: captions, own: [0])
    #expect(score.ranks == [2] && score.recall(at: 1) == 0 && score.recall(at: 5) == 1 && score.meanCosine == 1)
  }

  @Test func `scores of parts are joined image by image`() throws {
    let image = try FeatureSet([1, 0], width: 2)
    let first = try RetrievalScore(images: image, captions: FeatureSet([3, 0], width: 2), own: [0])
    let second = try RetrievalScore(images: image, captions: FeatureSet([0, 1, 1, 0], width: 2), own: [0])
    let both = RetrievalScore(joining: [first, second])
    #expect(both.ranks == [1, 2] && both.cosines == [1, 0] && both.recall(at: 1) == 0.5)
  }

  @Test func `each image finds the caption of the smallest angle, and the first of equals`() throws {
    let similarities = try CosineSimilarities(
      images: FeatureSet([2, 0, 0.6, 0.8, 0, -1], width: 2), captions: FeatureSet([0, 1, 1, 0, 3, 0], width: 2))
    let nearest = (0..<3).map(similarities.nearest(to:))
    #expect(nearest.map(\.caption) == [1, 0, 1])
    #expect(zip(nearest.map(\.cosine), [1, 0.8, 0]).allSatisfy { abs($0 - $1) < 1e-7 })
  }
}

@Suite struct `Audit for copies` {
  @Test func `counts what lies nearer than one in a hundred of the held-out images`() throws {
    let heldOut = (0..<101).map { 10 + Double($0) }
    let audit = try CopyAudit(distances: [0, 10.5, 11.5, 60], heldOut: heldOut.reversed())
    #expect(audit.threshold == 11 && audit.copies == 2 && audit.share == 0.5)
    let honest = try CopyAudit(distances: heldOut, heldOut: heldOut)
    #expect(honest.copies == 1)
  }

  @Test func `interpolates between few held-out images and takes a single one as it is`() throws {
    #expect(try CopyAudit(distances: [1], heldOut: [2, 4], quantile: 0.25).threshold == 2.5)
    #expect(try CopyAudit(distances: [1], heldOut: [2]).copies == 1)
  }

  @Test func `refuses nothing, what is not finite, and quantiles that are none`() {
    func code(_ distances: [Double], _ heldOut: [Double], _ quantile: Double = 0.01) -> MetricError.Code? {
      (#expect(throws: MetricError.self) {
        try CopyAudit(distances: distances, heldOut: heldOut, quantile: quantile)
      })?.code
    }
    #expect(code([], [1]) == .tooFew && code([1], []) == .tooFew)
    #expect(code([.nan], [1]) == .notFinite && code([1], [.infinity]) == .notFinite)
    #expect(code([1], [1], 0) == .badParameter && code([1], [1], 1) == .badParameter)
  }
}
