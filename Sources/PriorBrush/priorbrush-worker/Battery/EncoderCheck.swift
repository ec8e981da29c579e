import PriorBrush

/// A test that an encoder must pass before its distances are worth printing.
enum EncoderCheck {
  /// Two sets of real images are no further apart than chance.
  case realSplit
  /// Every distance grows with the severity of a distortion.
  case severity(Distortion)
  /// Of two distorted versions of an image the milder is nearer to it.
  case pairs
  /// An image that has lost its fine detail is further away than one whose detail is speckled by as much.
  case blurAgainstSpeckle
  /// Leaving out groups of images is noticed as a loss of coverage, not of precision.
  case modeDropping
  /// Captions go with their own images.
  case alignment(EvaluationPrompts.Split)
  /// The student beats the placebo, and the placebo beats noise.
  case ranking
  /// Copies of training images look like progress, which is why memorisation is audited beside.
  case duplication
  /// A second encoder and a distance without any network order the systems alike.
  case agreement

  /// Reads names such as `real-split`, `severity:blur` or `alignment:held-out`.
  init(named name: String) throws {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first ?? "", parts.dropFirst().first) {
    case ("real-split", nil): self = .realSplit
    case ("pairs", nil): self = .pairs
    case ("blur-against-speckle", nil): self = .blurAgainstSpeckle
    case ("mode-dropping", nil): self = .modeDropping
    case ("ranking", nil): self = .ranking
    case ("duplication", nil): self = .duplication
    case ("agreement", nil): self = .agreement
    case ("severity", let kind?):
      guard let distortion = Distortion(rawValue: kind) else {
        throw ParameterError("there is no distortion '\(kind)'; there are \(Self.names(Distortion.self))")
      }
      self = .severity(distortion)
    case ("alignment", let kind?):
      guard let split = EvaluationPrompts.Split(rawValue: kind) else {
        throw ParameterError("there is no split '\(kind)'; there are \(Self.names(EvaluationPrompts.Split.self))")
      }
      self = .alignment(split)
    default:
      throw ParameterError(
        "there is no check '\(name)'; there are real-split, severity:DISTORTION, pairs, blur-against-speckle, "
          + "mode-dropping, alignment:SPLIT, ranking, duplication, agreement")
    }
  }

  private static func names<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
