import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Pipelines` {
  private let models: MicroModels
  private let set: ModelSet
  private let session = Session()
  private let captions = Micro.captions()
  private let seeds: [UInt64] = [3, 4, 5, 6]

  init() throws {
    models = try MicroModels()
    set = try ModelSet(models.files)
  }

  @Test func `return the coarse image itself without a step`() throws {
    let generation = try set.priorBrush(session: session).generate(captions: captions, seeds: seeds, steps: 0)
    #expect(distance(generation.refined, generation.coarse) == 0)
    #expect(generation.refinement.contentPrior.count == 4 * Micro.size)
    #expect(generation.refinement.contentPrior.allSatisfy { $0 == 0 })
    #expect(generation.refinement.degradation.isEmpty)
    let refinement = try set.priorBrush(session: session).refiner.refine(
      generation.coarse, captions: captions, seeds: seeds, steps: 0)
    #expect(refinement.contentPrior.allSatisfy { $0 == 0 })
  }

  @Test(arguments: ModelSet.RefinerKind.allCases)
  func `add the content prior to the same coarse image for any number of steps`(kind: ModelSet.RefinerKind) throws {
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    #expect(coarse.allSatisfy { abs($0) <= 1 } && coarse.contains { abs($0) < 0.9 })
    let pipeline = try set.priorBrush(refiner: kind, session: session)
    var results: [[Float]] = [coarse]
    for steps in 1...3 {
      let made = pipeline.generate(captions: captions, seeds: seeds, steps: steps)
      #expect(distance(made.coarse, coarse) == 0)
      let sum = zip(coarse, made.refinement.contentPrior).map { min(max($0 + $1, -1), 1) }
      #expect(distance(made.refined, sum) == 0)
      #expect(made.refinement.degradation.count == 4 * Micro.side * Micro.side)
      #expect(made.refinement.degradation.allSatisfy { $0 > 0 })
      #expect(results.allSatisfy { distance($0, made.refined) > 1e-3 })
      results.append(made.refined)
    }
  }

  @Test func `make the same image of a seed in any batch`() throws {
    let pipeline = try set.priorBrush(session: session)
    let batch = pipeline.generate(captions: captions, seeds: seeds, steps: 2)
    for rows in [[0], [2], [3, 1], [1, 2, 3]] {
      let part = pipeline.generate(captions: captions.rows(rows), seeds: rows.map { seeds[$0] }, steps: 2)
      func expected(_ images: [Float]) -> [Float] {
        rows.flatMap { images[$0 * Micro.size..<($0 + 1) * Micro.size] }
      }
      // Matrix products are blocked by the size of the batch, so the last bits may differ.
      #expect(distance(part.coarse, expected(batch.coarse)) < 1e-5)
      #expect(distance(part.refined, expected(batch.refined)) < 1e-5)
      let again = pipeline.generate(captions: captions.rows(rows), seeds: rows.map { seeds[$0] }, steps: 2)
      #expect(distance(again.refined, part.refined) == 0)
    }
    let other = pipeline.generate(captions: captions, seeds: seeds.map { $0 + 100 }, steps: 2)
    #expect(distance(other.coarse, batch.coarse) > 1e-2)
  }

  @Test func `take whole steps without a map`() throws {
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    func refine(_ modulation: ProjectionRefiner.Modulation?) throws -> [Float] {
      try set.priorBrush(modulation: modulation, session: session).refiner
        .refine(coarse, captions: captions, seeds: seeds, steps: 2).contentPrior
    }
    let whole = try refine(nil)
    #expect(try distance(refine(.init(fullError: 1e-9, floor: 0)), whole) == 0)
    #expect(try distance(refine(.init(fullError: 0.1, floor: 1)), whole) == 0)
    #expect(try distance(refine(.init(fullError: 10, floor: 0.25)), whole) > 1e-3)
  }

  @Test func `end with the denoiser's image if the last step is taken whole`() throws {
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    func refine(_ modulation: ProjectionRefiner.Modulation?, _ steps: Int, stepSize: Float, whole: Bool) throws
      -> [Float]
    {
      try set.priorBrush(modulation: modulation, stepSize: stepSize, takesLastStepWhole: whole, session: session)
        .refiner
        .refine(coarse, captions: captions, seeds: seeds, steps: steps).contentPrior
    }
    let weak = ProjectionRefiner.Modulation(fullError: 10, floor: 0.25)
    let unweakened = try refine(nil, 1, stepSize: 1, whole: false)
    #expect(try distance(refine(weak, 1, stepSize: 0.5, whole: true), unweakened) == 0)
    #expect(try distance(refine(weak, 1, stepSize: 0.5, whole: false), unweakened) > 1e-3)
    // The steps before keep their shares.
    let two = try refine(weak, 2, stepSize: 0.5, whole: true)
    #expect(try distance(two, refine(weak, 2, stepSize: 0.5, whole: false)) > 1e-3)
    #expect(try distance(two, refine(nil, 2, stepSize: 1, whole: true)) > 1e-3)
  }

  @Test func `leave the image as it is where no error is expected`() throws {
    #expect(ProjectionRefiner.Modulation(floor: 0).share(0) == 0)
    #expect(ProjectionRefiner.Modulation(fullError: 0.2, floor: 0.5).share(0.1) == 0.75)
    #expect(ProjectionRefiner.Modulation(fullError: 0.2, floor: 0.5).share(7) == 1)
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    let refiner = try set.priorBrush(modulation: .init(fullError: .infinity, floor: 0), session: session).refiner
    let refinement = refiner.refine(coarse, captions: captions, seeds: seeds, steps: 3)
    #expect(refinement.contentPrior.allSatisfy { $0 == 0 })
  }

  @Test func `do in one whole step what the denoiser says`() throws {
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    let degradation = try #require(set.degradation)
    var refiner = ProjectionRefiner(
      denoiser: Micro.denoiser(Weights(Micro.network.layout, seed: 1)), estimator: degradation, modulation: nil)
    // An untrained denoiser returns alpha times the noisy image.
    let untrained = refiner.refine(coarse, captions: captions, seeds: seeds, steps: 1).contentPrior
    let alpha = NoiseSchedule.alpha(refiner.startTime)
    let sigma = NoiseSchedule.sigma(refiner.startTime)
    var stream = RandomStream(seed: seeds[0], stream: 1)
    for index in 0..<Micro.size {
      let clean = min(max(alpha * (alpha * coarse[index] + sigma * stream.normal()), -1), 1)
      #expect(abs(coarse[index] + untrained[index] - clean) < 1e-5)
    }
    refiner.stepSize = 0.5
    let half = refiner.refine(coarse, captions: captions, seeds: seeds, steps: 1).contentPrior
    #expect(distance(half, untrained.map { $0 / 2 }) < 1e-5)
  }
  @Test func `are the deterministic sampler from a noised image if whole steps are taken`() throws {
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    let denoiser = Denoiser(network: set.network, weights: set.teacher, session: session)
    let degradation = try #require(set.degradation)
    let refiner = ProjectionRefiner(denoiser: denoiser, estimator: degradation, modulation: nil)
    let noise = seeds.flatMap { seed in
      var stream = RandomStream(seed: seed, stream: 1)
      return (0..<Micro.size).map { _ in stream.normal() }
    }
    let (alpha, sigma) = (NoiseSchedule.alpha(refiner.startTime), NoiseSchedule.sigma(refiner.startTime))
    for steps in [2, 3, 5] {
      let prior = refiner.refine(coarse, captions: captions, seeds: seeds, steps: steps).contentPrior
      let expected = Sampler.ddim.images(
        from: zip(coarse, noise).map { alpha * $0 + sigma * $1 },
        times: Sampler.ddim.times(steps: steps, from: refiner.startTime)
      ) { noisy, time in
        denoiser.cleanImages(noisy, times: [time, time, time, time], captions: captions, limit: 1)
      }
      #expect(distance(zip(coarse, prior).map { $0 + $1 }, expected) < 1e-4)
    }
  }
}
