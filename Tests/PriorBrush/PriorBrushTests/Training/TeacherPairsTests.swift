import Foundation
import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

@Suite struct `Pairs of a teacher` {
  private let captions = ["red circle", "a \"blue\" square", "Käse \\ 緑"]

  @Test func `come back from their file with captions, seed and images`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pairs"
    let images = Micro.images(3)
    try TeacherPairs(captions: captions, images: images, resolution: Micro.side, seed: 12).write(to: path)
    let read = try TeacherPairs(contentsOf: path)
    #expect(read.captions == captions && read.seed == 12 && read.resolution == Micro.side && read.count == 3)
    #expect(distance(read.images, images) < 1e-3)
    try read.write(to: path + "2")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: URL(fileURLWithPath: path + "2")))
  }

  @Test func `belong to the noise that a pipeline would use for their seeds`() {
    let pairs = TeacherPairs(captions: captions, images: Micro.images(3), resolution: Micro.side, seed: 12)
    let seeds = [2, 0].map { TeacherPairs.noiseSeed($0, of: 12) }
    #expect(Set(seeds + [TeacherPairs.noiseSeed(0, of: 13)]).count == 3)
    #expect(distance(pairs.noise(of: [2, 0]), SwiftBrushPipeline.noise(seeds: seeds, side: Micro.side)) == 0)
  }

  @Test func `are not read from another file`() throws {
    let models = try MicroModels()
    let error = #expect(throws: PriorBrushError.self) { try TeacherPairs(contentsOf: models.path("student")) }
    #expect(error?.code == .invalidModel && error?.message.contains("holds no pairs") == true)
  }

  @Test func `pull an image along the slope of half the squared difference`() {
    let (image, teacher): ([Float], [Float]) = ([0.4, -0.9, 0.2, 0.1], [0.1, -0.2, 0.2, 0.6])
    func loss(_ image: [Float]) -> Float {
      zip(image[1...], teacher[1...]).reduce(0) { $0 + 0.5 * 3 * ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let slopes = (1..<4).map { index in
      var (above, below) = (image, image)
      above[index] += 0.01
      below[index] -= 0.01
      return (loss(above) - loss(below)) / 0.02
    }
    #expect(distance(PairAttraction(weight: 3).gradient(of: image[1...], teacher: teacher[1...]), slopes) < 1e-4)
  }
}

@Suite struct `Students that learn from pairs` {
  private let session = Session()

  /// Pairs whose images are what another network makes of the noise, so that they can be learnt.
  private func pairs(_ count: Int = 8) -> EncodedPairs {
    let seeds = (0..<count).map { TeacherPairs.noiseSeed($0, of: 3) }
    let captions = (0..<count).map { $0 % 2 == 0 ? "red circle" : "blue square" }
    let images = SwiftBrushPipeline(student: Micro.denoiser(Micro.student), studentTime: 0.9)
      .generate(captions: Micro.captions(captions), seeds: seeds)
    return EncodedPairs(
      TeacherPairs(captions: captions, images: images, resolution: Micro.side, seed: 3), text: Micro.text,
      session: session)
  }

  /// The mean squared distance of a student's images to those of the pairs.
  private func error(_ student: Weights, _ examples: EncodedPairs) -> Float {
    let seeds = (0..<examples.pairs.count).map { TeacherPairs.noiseSeed($0, of: 3) }
    let made = SwiftBrushPipeline(student: Micro.denoiser(student), studentTime: 0.9)
      .generate(captions: examples.captions, seeds: seeds)
    return zip(made, examples.pairs.images).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(made.count)
  }

  private func distillation(
    start: Weights? = nil, pairs: EncodedPairs?, _ change: (inout StudentRecipe) -> Void = { _ in }
  ) -> StudentDistillation {
    var recipe = StudentRecipe()
    // Both scores guided alike: without pairs the first step has no gradient.
    (recipe.batch, recipe.images, recipe.studentTime, recipe.averageDecay) = (4, 400, 0.9, 0)
    (recipe.guidance, recipe.fakeGuidance, recipe.pairShare) = (2, 2, 0.5)
    change(&recipe)
    return StudentDistillation(
      network: Micro.network, teacher: Micro.teacher, captions: Micro.captions(),
      unconditional: Micro.text.encodeNothing(session: session), start: start, pairs: pairs, recipe: recipe)
  }

  @Test func `come nearer to the pairs by regression`() throws {
    let examples = pairs()
    var recipe = RegressionRecipe()
    (recipe.batch, recipe.images, recipe.studentTime, recipe.averageDecay, recipe.learningRate) = (4, 800, 0.9, 0, 2e-3)
    let training = StudentRegression(
      network: Micro.network, teacher: Micro.teacher, examples: examples, recipe: recipe)
    let before = error(Micro.teacher, examples)
    #expect(try abs(training.advance() / Double(before) - 1) < 0.6)
    while training.step < training.steps { _ = try training.advance() }
    #expect(error(training.average, examples) < 0.5 * before)
  }

  @Test func `go on from a regression's checkpoint as if it had never stopped`() throws {
    let examples = pairs()
    func make() -> StudentRegression {
      var recipe = RegressionRecipe()
      (recipe.batch, recipe.images) = (4, 24)
      return StudentRegression(network: Micro.network, teacher: Micro.teacher, examples: examples, recipe: recipe)
    }
    let whole = make()
    let losses = try (0..<4).map { _ in try whole.advance() }
    #expect(Set(losses).count == 4 && whole.steps == 6)
    let folder = try TemporaryFolder()
    let first = make()
    #expect(try (0..<2).map { _ in try first.advance() } == Array(losses[..<2]))
    try first.save(to: folder.path + "/checkpoint")
    let second = make()
    try second.restore(from: folder.path + "/checkpoint")
    #expect(try (0..<2).map { _ in try second.advance() } == Array(losses[2...]))
    #expect(distance(second.average.numbers, whole.average.numbers) == 0)
  }

  @Test func `are drawn to the pairs during a distillation as strongly as asked for`() throws {
    let examples = pairs()
    let before = error(Micro.teacher, examples)
    let idle = distillation(pairs: examples) { $0.pairWeight = 0 }
    #expect(try idle.advance() == 0)
    #expect(distance(idle.average.numbers, Micro.teacher.numbers) == 0)
    let drawn = distillation(pairs: examples) { ($0.pairShare, $0.learningRate) = (1, 1e-3) }
    #expect(try drawn.advance() == 0)
    #expect(error(drawn.average, examples) < before)
  }

  @Test func `draw captions and noise as ever if no pairs are given`() throws {
    let (with, without) = (distillation(pairs: nil), distillation(pairs: nil) { $0.pairShare = 0 })
    for _ in 0..<3 { #expect(try with.advance() == without.advance()) }
    #expect(distance(with.average.numbers, without.average.numbers) == 0)
  }

  @Test func `begin a distillation where the regression has ended`() throws {
    let training = distillation(start: Micro.student, pairs: nil) { ($0.learningRate, $0.fakeLearningRate) = (0, 0) }
    #expect(distance(training.average.numbers, Micro.student.numbers) == 0)
    #expect(try training.advance() == 0)
    #expect(distance(training.average.numbers, Micro.student.numbers) < 1e-6)
  }

  @Test func `go on from a distillation's checkpoint with pairs and fine times`() throws {
    let examples = pairs()
    func make() -> StudentDistillation {
      distillation(start: Micro.student, pairs: examples) {
        ($0.times.fineShare, $0.fakeTimes.fineShare, $0.normaliserFloor, $0.decayShare) = (0.5, 0.5, 0.01, 0.7)
        ($0.images, $0.fakeUpdates) = (24, 2)
      }
    }
    let whole = make()
    let losses = try (0..<4).map { _ in try whole.advance() }
    let folder = try TemporaryFolder()
    let first = make()
    for _ in 0..<2 { _ = try first.advance() }
    try first.save(to: folder.path + "/checkpoint")
    let second = make()
    try second.restore(from: folder.path + "/checkpoint")
    #expect(try (0..<2).map { _ in try second.advance() } == Array(losses[2...]))
    #expect(distance(second.average.numbers, whole.average.numbers) == 0)
  }
}
