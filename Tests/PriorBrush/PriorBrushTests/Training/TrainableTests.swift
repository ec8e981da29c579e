import Foundation
import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

@Suite struct `Trainings` {
  private static let wide: NetworkConfiguration = {
    var configuration = Micro.configuration
    configuration.widths = [16, 32, 64]
    return configuration
  }()

  @Test func `teacher goes on from a checkpoint as if it had never stopped`() throws {
    let source = ShapesDataset(resolution: 16)
    let vocabulary = Vocabulary(covering: source.texts)
    func make(_ widths: [Int]) throws -> TeacherTraining {
      var configuration = NetworkConfiguration.micro(vocabulary: vocabulary.count)
      configuration.widths = widths
      var recipe = TeacherRecipe()
      (recipe.batch, recipe.images, recipe.averageDecay) = (4, 24, 0.5)
      return try TeacherTraining(
        configuration, recipe: recipe, examples: TrainingExamples(source: source, vocabulary: vocabulary))
    }
    try expectResumable {
      try make([16, 32, 32])
    } other: {
      try make(Self.wide.widths)
    } average: {
      $0.average.text.numbers + $0.average.network.numbers
    }
  }

  @Test(arguments: [StudentRecipe.FakeScore.full, .lowRank(rank: 2, alpha: 4)])
  func `student goes on from a checkpoint as if it had never stopped`(fakeScore: StudentRecipe.FakeScore) throws {
    func make(_ configuration: NetworkConfiguration) -> StudentDistillation {
      var recipe = StudentRecipe()
      (recipe.batch, recipe.images, recipe.fakeUpdates, recipe.fakeScore) = (4, 24, 2, fakeScore)
      let network = UNet(configuration)
      return StudentDistillation(
        network: network, teacher: Micro.weights(network.layout, seed: 11), captions: Micro.captions(),
        unconditional: Micro.text.encodeNothing(session: Session()), recipe: recipe)
    }
    try expectResumable {
      make(Micro.configuration)
    } other: {
      make(Self.wide)
    } average: {
      $0.average.numbers
    }
  }

  @Test func `degradation map goes on from a checkpoint as if it had never stopped`() throws {
    func make(_ textWidth: Int) -> DegradationTraining {
      let pairs = DegradationPairs(
        coarse: Micro.images(4), nearestReal: Micro.images(4, seed: 9), captions: Micro.captions(), side: Micro.side)
      return DegradationTraining(
        estimator: DegradationEstimator(textWidth: textWidth), pairs: pairs, side: Micro.side, steps: 6, seed: 4)
    }
    try expectResumable {
      make(Micro.configuration.textWidth)
    } other: {
      make(64)
    } average: {
      $0.average.numbers
    }
  }

  @Test func `refiner goes on from a checkpoint as if it had never stopped`() throws {
    func make(_ configuration: NetworkConfiguration) -> RefinerDistillation {
      var recipe = RefinerRecipe()
      (recipe.batch, recipe.images) = (4, 24)
      return RefinerDistillation(
        narrow: UNet(configuration), full: Micro.network, teacher: Micro.teacher, student: Micro.student,
        studentTime: 1, captions: Micro.captions(), recipe: recipe)
    }
    try expectResumable {
      make(Micro.configuration)
    } other: {
      make(Self.wide)
    } average: {
      $0.average.numbers
    }
  }

  @Test func `encoder goes on from a checkpoint as if it had never stopped`() throws {
    let source = ShapesDataset(resolution: 16)
    let vocabulary = Vocabulary(covering: source.texts)
    func make(_ words: Int) -> EncoderTraining {
      EncoderTraining(
        encoder: ImageTextEncoder(vocabulary: words, resolution: 16),
        examples: TrainingExamples(source: source, vocabulary: vocabulary), side: 16, images: 600, seed: 7)
    }
    try expectResumable {
      make(vocabulary.count)
    } other: {
      make(vocabulary.count + 1)
    } average: {
      $0.average.numbers
    }
  }

  @Test func `autoencoder goes on from a checkpoint as if it had never stopped`() throws {
    try expectResumable {
      AutoencoderTraining(source: ShapesDataset(resolution: 16), images: 24, batch: 4, seed: 6)
    } average: {
      $0.average.numbers
    }
  }

  @Test func `draws anew in every step`() throws {
    var recipe = RefinerRecipe()
    (recipe.batch, recipe.learningRate) = (4, 0)
    let refiner = RefinerDistillation(
      narrow: Micro.network, full: Micro.network, teacher: Micro.teacher, student: Micro.student, studentTime: 1,
      captions: Micro.captions(), recipe: recipe)
    var studentRecipe = StudentRecipe()
    (studentRecipe.batch, studentRecipe.learningRate, studentRecipe.fakeLearningRate) = (4, 0, 0)
    let student = StudentDistillation(
      network: Micro.network, teacher: Micro.teacher, captions: Micro.captions(),
      unconditional: Micro.text.encodeNothing(session: Session()), recipe: studentRecipe)
    let source = ShapesDataset(resolution: 16)
    let vocabulary = Vocabulary(covering: source.texts)
    var teacherRecipe = TeacherRecipe()
    (teacherRecipe.batch, teacherRecipe.learningRate) = (4, 0)
    let teacher = try TeacherTraining(
      .micro(vocabulary: vocabulary.count), recipe: teacherRecipe,
      examples: TrainingExamples(source: source, vocabulary: vocabulary))
    for training in [refiner, student, teacher] as [any Trainable] {
      #expect(try Set((0..<4).map { _ in try training.advance() }).count == 4)
    }
    #expect(distance(student.average.numbers, Micro.teacher.numbers) < 1e-6)
  }

  @Test func `is refused a checkpoint that does not say its step`() throws {
    let folder = try TemporaryFolder()
    let layout = Micro.estimator.layout
    let weights = Weights(layout, seed: 1)
    let path = folder.path + "/checkpoint"
    try Checkpoint(
      weights: ["degradation": weights], optimizers: ["degradation": AdamW(layout)],
      averages: ["degradation": ExponentialAverage(weights, decay: 0)]
    ).save(path)
    let pairs = DegradationPairs(
      coarse: Micro.images(4), nearestReal: Micro.images(4), captions: Micro.captions(), side: Micro.side)
    let training = DegradationTraining(estimator: Micro.estimator, pairs: pairs, side: Micro.side, steps: 6, seed: 4)
    let before = training.average.numbers
    let error = #expect(throws: PriorBrushError.self) { try training.restore(from: path) }
    #expect(error?.code == .invalidModel && error?.message.contains("\(path) has no step count") == true)
    #expect(distance(training.average.numbers, before) == 0)
  }

  /// Checks a training of six steps: the same for the same seed, the same after an interruption, unharmed by a bad checkpoint, such as
  /// one of `other` shapes, if there are any.
  private func expectResumable<Training: Trainable>(
    _ make: () throws -> Training, other: (() throws -> Training)? = nil, average: (Training) -> [Float],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/checkpoint"
    let whole = try make()
    let losses = try (0..<4).map { _ in try whole.advance() }
    #expect(losses.allSatisfy { $0.isFinite }, sourceLocation: sourceLocation)
    #expect(whole.steps == 6 && whole.step == 4, sourceLocation: sourceLocation)

    let first = try make()
    #expect(try (0..<2).map { _ in try first.advance() } == Array(losses[..<2]), sourceLocation: sourceLocation)
    try first.save(to: path)
    #expect(distance(average(first), average(whole)) > 0, sourceLocation: sourceLocation)

    let second = try make()
    try second.restore(from: path)
    #expect(second.step == 2, sourceLocation: sourceLocation)
    #expect(distance(average(second), average(first)) == 0, sourceLocation: sourceLocation)
    #expect(try (0..<2).map { _ in try second.advance() } == Array(losses[2...]), sourceLocation: sourceLocation)
    #expect(distance(average(second), average(whole)) == 0, sourceLocation: sourceLocation)

    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let (garbage, half, missing) = (folder.path + "/garbage", folder.path + "/half", folder.path + "/missing")
    try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: garbage))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: half))
    try other?().save(to: path)
    let kept = average(first)
    var cases = [(garbage, NeuralNetworkError.Code.malformed), (half, .malformed), (missing, .fileAccess)]
    if other != nil { cases.append((path, .shapeMismatch)) }
    for (bad, code) in cases {
      let error = #expect(throws: NeuralNetworkError.self, sourceLocation: sourceLocation) {
        try first.restore(from: bad)
      }
      #expect(error?.code == code, sourceLocation: sourceLocation)
      #expect(error?.description.contains(bad) == true, sourceLocation: sourceLocation)
    }
    #expect(distance(average(first), kept) == 0 && first.step == 2, sourceLocation: sourceLocation)
    #expect(try first.advance() == losses[2], sourceLocation: sourceLocation)
  }
}
