public import NeuralNetwork

/// The trained networks of one PriorBrush system, as far as they have been trained.
public struct ModelSet: Sendable {
  /// The files a set is read from.
  public struct Files: Sendable, Hashable {
    /// The word list.
    public var vocabulary: String
    /// Text encoder and U-Net of the teacher.
    public var teacher: String
    /// The student, if there is one.
    public var student: String?
    /// The degradation map, if there is one.
    public var degradation: String?
    /// The distilled refiner, if there is one.
    public var refiner: String?
    /// The autoencoder whose latents the teacher was trained on, if it was not trained on pixels.
    public var autoencoder: String?

    /// Names the files.
    ///
    /// - Parameters:
    ///   - vocabulary: The word list.
    ///   - teacher: The teacher.
    ///   - student: The student.
    ///   - degradation: The degradation map.
    ///   - refiner: The distilled refiner.
    ///   - autoencoder: The autoencoder of a teacher of latents.
    public init(
      vocabulary: String, teacher: String, student: String? = nil, degradation: String? = nil, refiner: String? = nil,
      autoencoder: String? = nil
    ) {
      self.vocabulary = vocabulary
      self.teacher = teacher
      self.student = student
      self.degradation = degradation
      self.refiner = refiner
      self.autoencoder = autoencoder
    }

    /// Names the files of a folder of shipped models.
    ///
    /// - Parameter folder: The folder.
    public init(folder: String) {
      self.init(
        vocabulary: "\(folder)/vocabulary.json", teacher: "\(folder)/teacher.safetensors",
        student: "\(folder)/student.safetensors", degradation: "\(folder)/degradation.safetensors",
        refiner: "\(folder)/refiner.safetensors")
    }
  }

  /// The text encoder.
  public let text: TextModel
  /// The U-Net of teacher and student.
  public let network: UNet
  /// The teacher's weights.
  public let teacher: Weights
  /// How many images the teacher was trained on, if its file says so.
  public let trainingImages: Double?
  /// The student's weights and the time it was distilled at.
  public let student: (weights: Weights, time: Float)?
  /// The degradation map's network and weights.
  public let degradation: (network: DegradationEstimator, weights: Weights)?
  /// The distilled refiner's network and weights.
  public let refiner: (network: UNet, weights: Weights)?
  /// What the teacher sees in place of images.
  public let space: LatentSpace
  /// The side of the images that the set makes, in pixels.
  public let imageSide: Int
  private let teacherPath: String

  /// Reads a set.
  ///
  /// - Parameter files: The files.
  /// - Throws: `DatasetError`, `NeuralNetworkError` or `PriorBrushError` if a file is missing, broken or of another architecture.
  public init(_ files: Files) throws {
    let vocabulary = try Vocabulary(contentsOf: files.vocabulary)
    let teacherFile = try ModelFile(files.teacher, kind: .teacher)
    let configuration = try teacherFile.configuration()
    guard configuration.vocabulary == vocabulary.count else {
      throw PriorBrushError(
        .invalidModel,
        "\(files.teacher) was trained with \(configuration.vocabulary) words, but \(files.vocabulary) has "
          + "\(vocabulary.count); name the word list it was trained with")
    }
    let encoder = TextEncoder(configuration)
    text = TextModel(
      vocabulary: vocabulary, encoder: encoder, weights: try teacherFile.weights(encoder.layout, prefix: "text."))
    let network = UNet(configuration)
    self.network = network
    teacher = try teacherFile.weights(network.layout, prefix: "network.")
    trainingImages = teacherFile.number("images")
    teacherPath = files.teacher
    space = try files.autoencoder.map { try LatentSpace(contentsOf: $0) } ?? .pixels
    try space.require(of: teacherFile)
    imageSide = try space.imageSide(of: configuration.resolution)
    student = try files.student.map { path in
      let file = try ModelFile(path, kind: .student)
      try Self.require(try file.configuration() == configuration, path, fits: files.teacher)
      return (try file.weights(network.layout, prefix: "network."), Float(file.number("studentTime") ?? 1))
    }
    degradation = try files.degradation.map { path in
      let file = try ModelFile(path, kind: .degradation)
      try Self.require(try file.configuration() == configuration, path, fits: files.teacher)
      let estimator = DegradationEstimator(textWidth: configuration.textWidth)
      return (estimator, try file.weights(estimator.layout, prefix: "network."))
    }
    refiner = try files.refiner.map { path in
      let file = try ModelFile(path, kind: .refiner)
      let narrow = UNet(try file.configuration())
      var expected = configuration
      expected.widths = narrow.configuration.widths
      try Self.require(narrow.configuration == expected, path, fits: files.teacher)
      return (narrow, try file.weights(narrow.layout, prefix: "network."))
    }
  }

  private static func require(_ isFitting: Bool, _ path: String, fits teacher: String) throws {
    guard isFitting else {
      throw PriorBrushError(
        .invalidModel, "\(path) was made for networks of other sizes than \(teacher); name files of one system")
    }
  }

  /// Refuses a teacher of latents where only one of pixels can be used: for students, maps and refiners.
  ///
  /// - Throws: `PriorBrushError` with code `.invalidModel`.
  public func requirePixels() throws {
    guard space.isPixels else {
      throw PriorBrushError(
        .invalidModel,
        "\(teacherPath) was trained on latents, and only the system 'teacher' works on them; for students, degradation maps and "
          + "refiners name a teacher that was trained without an autoencoder")
    }
  }

  /// Makes the one-step pipeline.
  ///
  /// - Parameter session: The calling thread's session.
  /// - Returns: Pipeline A.
  /// - Throws: `PriorBrushError` with code `.invalidModel` if the set has no student or a teacher of latents.
  public func swiftBrush(session: Session) throws -> SwiftBrushPipeline {
    try requirePixels()
    guard let student else { throw PriorBrushError(.invalidModel, "this model set has no student; distil one first") }
    return SwiftBrushPipeline(
      student: Denoiser(network: network, weights: student.weights, session: session), studentTime: student.time)
  }

  /// The denoisers that a refinement can use.
  public enum RefinerKind: String, Sendable, CaseIterable {
    /// The teacher's own network.
    case teacher
    /// The narrower network distilled from it.
    case distilled
  }

  /// Makes the two-stage pipeline.
  ///
  /// - Parameters:
  ///   - kind: The denoiser of the second stage.
  ///   - modulation: How the degradation map acts, or nil to ignore it.
  ///   - startTime: The noise level the coarse image is brought to, in (0, 1).
  ///   - stepSize: The step size `alpha` of Algorithm 2.
  ///   - takesLastStepWhole: Whether the last step is taken whole and everywhere.
  ///   - session: The calling thread's session.
  /// - Returns: Pipeline B.
  /// - Throws: `PriorBrushError` with code `.invalidModel` if a network is missing or the teacher is one of latents.
  public func priorBrush(
    refiner kind: RefinerKind = .teacher, modulation: ProjectionRefiner.Modulation? = .init(), startTime: Float = 0.45,
    stepSize: Float = 1, takesLastStepWhole: Bool = false, session: Session
  ) throws -> PriorBrushPipeline {
    try requirePixels()
    guard let degradation else {
      throw PriorBrushError(.invalidModel, "this model set has no degradation map; train one first")
    }
    let denoiser: Denoiser
    switch kind {
    case .teacher:
      denoiser = Denoiser(network: network, weights: teacher, session: session)
    case .distilled:
      guard let refiner else {
        throw PriorBrushError(.invalidModel, "this model set has no distilled refiner; train one first")
      }
      denoiser = Denoiser(network: refiner.network, weights: refiner.weights, session: session)
    }
    return PriorBrushPipeline(
      swiftBrush: try swiftBrush(session: session),
      refiner: ProjectionRefiner(
        denoiser: denoiser, estimator: degradation, modulation: modulation, startTime: startTime, stepSize: stepSize,
        takesLastStepWhole: takesLastStepWhole))
  }
}
