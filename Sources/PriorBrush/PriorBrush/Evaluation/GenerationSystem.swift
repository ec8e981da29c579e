import Foundation
public import NeuralNetwork

/// A way to make images from prompts, to be compared with other ways.
public struct GenerationSystem: Sendable {
  /// The ways.
  public enum Kind: String, Sendable, CaseIterable {
    /// The teacher, by many steps.
    case teacher
    /// The one-step student: SwiftBrush.
    case student
    /// The student and the refinement by the teacher's network, guided by the degradation map: PriorBrush.
    case priorbrush
    /// As `priorbrush`, ignoring the map.
    case unmodulated = "priorbrush-no-map"
    /// As `priorbrush-no-map`, taking half of every step: about as far as the map goes on average, but everywhere alike.
    case halfStep = "priorbrush-half-step"
    /// As `priorbrush`, with the distilled network.
    case distilled = "priorbrush-distilled"
    /// Noise that grows with the number of steps, added to the student's images: a control that must lose.
    case placebo
    /// The student's images after the median of 3 × 3 pixels: a control that only smooths.
    case median = "student-median"
    /// The student's images after a bilateral filter: a control that smooths and keeps edges.
    case bilateral = "student-bilateral"
    /// The student's images after one evaluation of the teacher that takes their speckle for noise, none being added.
    case onePass = "student-one-pass"

    /// Whether a number of steps belongs to the name.
    var hasSteps: Bool {
      switch self {
      case .teacher, .priorbrush, .unmodulated, .halfStep, .distilled, .placebo: true
      case .student, .median, .bilateral, .onePass: false
      }
    }
  }

  /// Which way.
  public var kind: Kind
  /// Steps of the teacher, or of the refinement.
  public var steps: Int
  /// Guidance scale of the teacher.
  public var guidance: Float
  /// Sampler of the teacher.
  public var sampler: Sampler
  /// How the degradation map acts, where it is used.
  public var modulation = ProjectionRefiner.Modulation()
  /// The noise level that a refinement starts from.
  public var startTime: Float = 0.45
  /// The step size of a refinement.
  public var stepSize: Float = 1
  /// Whether the last step of a refinement is taken whole and everywhere: `alpha = 1` in the last pass of Algorithm 2.
  public var takesLastStepWhole = false
  /// The noise level that `onePass` takes the student's speckle for.
  private static let onePassTime: Float = 0.1

  /// Creates a system.
  ///
  /// - Parameters:
  ///   - kind: Which way.
  ///   - steps: Steps of the teacher, or of the refinement.
  ///   - guidance: Guidance scale of the teacher.
  ///   - sampler: Sampler of the teacher.
  public init(_ kind: Kind, steps: Int = 0, guidance: Float = 2, sampler: Sampler = .dpmSolver) {
    self.kind = kind
    self.steps = steps
    self.guidance = guidance
    self.sampler = sampler
  }

  /// Evaluations of a U-Net for one image; a guided step has two.
  public var networkEvaluations: Int {
    switch kind {
    case .teacher: steps * (guidance == 1 ? 1 : 2)
    case .student, .placebo, .median, .bilateral: 1
    case .onePass: 2
    case .priorbrush, .unmodulated, .halfStep, .distilled: 1 + steps
    }
  }

  /// Makes images.
  ///
  /// - Parameters:
  ///   - models: The networks.
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image.
  ///   - session: The calling thread's session.
  /// - Returns: `N · R · R · 3` values in [-1, 1], with R the set's `imageSide`.
  /// - Throws: `PriorBrushError` if a network is missing.
  public func images(
    _ models: ModelSet, captions: EncodedCaptions, seeds: [UInt64], session: Session
  ) throws -> [Float] {
    switch kind {
    case .teacher:
      return teacherImages(models, captions: captions, seeds: seeds, session: session)
    case .student:
      return try models.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    case .priorbrush:
      return try refinedImages(models, .teacher, modulation, captions: captions, seeds: seeds, session: session)
    case .unmodulated:
      return try refinedImages(models, .teacher, nil, captions: captions, seeds: seeds, session: session)
    case .halfStep:
      var system = self
      system.kind = .unmodulated
      system.stepSize *= 0.5
      return try system.images(models, captions: captions, seeds: seeds, session: session)
    case .distilled:
      return try refinedImages(models, .distilled, modulation, captions: captions, seeds: seeds, session: session)
    case .placebo:
      let coarse = try models.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
      let noise = Noise.values(seeds: seeds, stream: .refinement, count: coarse.count / seeds.count)
      return zip(coarse, noise).map { min(max($0 + 0.02 * Float(steps) * $1, -1), 1) }
    case .median:
      return try smoothedImages(models, .median, captions: captions, seeds: seeds, session: session)
    case .bilateral:
      return try smoothedImages(models, .bilateral, captions: captions, seeds: seeds, session: session)
    case .onePass:
      let coarse = try models.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
      let alpha = NoiseSchedule.alpha(Self.onePassTime)
      return Denoiser(network: models.network, weights: models.teacher, session: session).cleanImages(
        coarse.map { alpha * $0 }, times: [Float](repeating: Self.onePassTime, count: seeds.count), captions: captions,
        limit: 1)
    }
  }

  private func smoothedImages(
    _ models: ModelSet, _ filter: SmoothingFilter, captions: EncodedCaptions, seeds: [UInt64], session: Session
  ) throws -> [Float] {
    let coarse = try models.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    return filter.smoothed(coarse, side: models.network.configuration.resolution)
  }

  private func refinedImages(
    _ models: ModelSet, _ refiner: ModelSet.RefinerKind, _ modulation: ProjectionRefiner.Modulation?,
    captions: EncodedCaptions, seeds: [UInt64], session: Session
  ) throws -> [Float] {
    try models.priorBrush(
      refiner: refiner, modulation: modulation, startTime: startTime, stepSize: stepSize,
      takesLastStepWhole: takesLastStepWhole, session: session
    ).generate(captions: captions, seeds: seeds, steps: steps).refined
  }

  private func teacherImages(
    _ models: ModelSet, captions: EncodedCaptions, seeds: [UInt64], session: Session
  ) -> [Float] {
    let guidance = Guidance(scale: guidance, unconditional: models.text.encodeNothing(session: session))
    let denoiser = Denoiser(network: models.network, weights: models.teacher, session: session)
    let noise = Noise.values(seeds: seeds, stream: .generation, count: models.network.configuration.imageCount)
    let side = models.network.configuration.resolution
    let made = sampler.images(from: noise, times: sampler.times(steps: steps)) { noisy, time in
      let clean = denoiser.cleanImages(
        noisy, times: [Float](repeating: time, count: seeds.count), captions: captions, guidance: guidance)
      return models.space.project(clean, side: side, session: session)
    }
    return models.space.decode(made, side: side, session: session)
  }
}
