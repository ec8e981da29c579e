/// The settings of a distillation.
public struct StudentRecipe: Sendable {
  /// How the difference of the two scores becomes a gradient.
  public enum GradientForm: String, Sendable, CaseIterable {
    /// `alpha sigma (X_fake - X_teacher)`, which is `sigma² (e_teacher - e_fake)`: the released SwiftBrush training.
    case swiftbrush
    /// `(X_fake - X_teacher) / mean |x - X_teacher|` per image, after DMD.
    case dmd
  }

  /// How the score of the student's own images is represented.
  public enum FakeScore: Sendable, Equatable {
    /// The teacher with low-rank factors of this rank on every matrix and kernel, scaled by `alpha / rank`.
    case lowRank(rank: Int, alpha: Float)
    /// A full copy of the teacher.
    case full
  }

  /// Images a step.
  public var batch = 32
  /// Images in all.
  public var images = 40_000
  /// Learning rate of the student.
  public var learningRate: Float = 3e-4
  /// Learning rate of the fake score.
  public var fakeLearningRate: Float = 6e-4
  /// Share of the training, at its end, over which both rates fall to zero, in [0, 1].
  public var decayShare: Float = 0.4
  /// Updates of the fake score for each update of the student.
  public var fakeUpdates = 1
  /// Guidance scale of the teacher's score.
  public var guidance: Float = 2
  /// Guidance scale of the fake score: 1, or the teacher's as in the released SwiftBrush training.
  public var fakeGuidance: Float = 1
  /// Form of the gradient.
  public var gradient = GradientForm.dmd
  /// The least mean distance that the `dmd` gradient is divided by, above 0.
  public var normaliserFloor: Float = 0.05
  /// Representation of the fake score.
  public var fakeScore = FakeScore.full
  /// Times at which the scores are compared.
  public var times = DistillationTimes()
  /// Times at which the fake score is trained.
  public var fakeTimes = DistillationTimes(range: 0...1)
  /// Time at which the student sees its noise.
  public var studentTime: Float = 1
  /// Share of a step's images, in [0, 1], that are drawn again from the noise and caption of a teacher's pair.
  public var pairShare: Float = 0
  /// How strongly such an image is drawn to the teacher's: the factor of half the squared difference.
  public var pairWeight: Float = 1
  /// Decay of the exponential average that is kept as the student.
  public var averageDecay: Float = 0.995
  /// Seed of all draws.
  public var seed: UInt64 = 2

  /// Creates the recipe with its defaults.
  public init() {}
}
