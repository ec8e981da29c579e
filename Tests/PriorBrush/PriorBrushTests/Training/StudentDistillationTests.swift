import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

@Suite struct `Student distillation` {
  @Test(arguments: [StudentRecipe.FakeScore.lowRank(rank: 2, alpha: 4), .full])
  func `has no gradient in its first step if both scores are guided alike`(fakeScore: StudentRecipe.FakeScore) throws {
    for form in StudentRecipe.GradientForm.allCases {
      let training = distillation {
        ($0.fakeScore, $0.gradient, $0.guidance, $0.fakeGuidance, $0.averageDecay) = (fakeScore, form, 2, 2, 0)
      }
      #expect(try training.advance() == 0)
      #expect(distance(training.average.numbers, Micro.teacher.numbers) == 0)
      #expect(try training.advance() > 0)
      #expect(distance(training.average.numbers, Micro.teacher.numbers) > 1e-5)
    }
  }

  @Test(arguments: StudentRecipe.GradientForm.allCases)
  func `follows the guidance in its first step if only the teacher is guided`(form: StudentRecipe.GradientForm) throws {
    let training = distillation {
      ($0.fakeScore, $0.gradient, $0.averageDecay) = (.lowRank(rank: 2, alpha: 4), form, 0)
    }
    #expect(try training.advance() > 0)
    #expect(distance(training.average.numbers, Micro.teacher.numbers) > 1e-5)
  }

  @Test func `leaves the teacher as it is`() throws {
    let before = Micro.teacher.numbers
    for fakeScore in [StudentRecipe.FakeScore.lowRank(rank: 2, alpha: 4), .full] {
      let training = distillation { $0.fakeScore = fakeScore }
      for _ in 0..<3 { #expect(try training.advance().isFinite) }
    }
    #expect(distance(Micro.teacher.numbers, before) == 0)
  }

  @Test func `gives the low-rank factors the rank it was asked for`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/checkpoint"
    try distillation { $0.fakeScore = .lowRank(rank: 3, alpha: 6) }.save(to: path)
    let shapes = try SafeTensors.read(path).entries.filter { $0.key.hasPrefix("weights.fake/") }
    #expect(shapes["weights.fake/input.weight.down"]?.shape == [3, 108])
    #expect(shapes["weights.fake/input.weight.up"]?.shape == [16, 3])
    #expect(shapes.keys.allSatisfy { $0.hasSuffix(".down") || $0.hasSuffix(".up") })
  }

  @Test func `lets the fake score move in proportion to alpha`() throws {
    // From the second step on, the gradient is what one update of the factors has changed.
    func second(_ alpha: Float) throws -> Double {
      let training = distillation {
        ($0.fakeScore, $0.gradient) = (.lowRank(rank: 2, alpha: alpha), .swiftbrush)
        ($0.guidance, $0.fakeGuidance, $0.fakeLearningRate) = (1, 1, 1e-4)
      }
      #expect(try training.advance() == 0)
      return try training.advance()
    }
    #expect(try second(0) == 0)
    let ratio = try second(2) / second(1)
    #expect(ratio > 1.7 && ratio < 2.3, "\(ratio)")
  }

  private func distillation(_ change: (inout StudentRecipe) -> Void) -> StudentDistillation {
    var recipe = StudentRecipe()
    (recipe.batch, recipe.images) = (4, 400)
    change(&recipe)
    return StudentDistillation(
      network: Micro.network, teacher: Micro.teacher, captions: Micro.captions(),
      unconditional: Micro.text.encodeNothing(session: Session()), recipe: recipe)
  }
}
