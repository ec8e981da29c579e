import PriorBrush

/// How strongly the second stage acts: the parameters `mapFullError`, `mapFloor`, `startTime`, `stepSize` and
/// `lastStepWhole`.
struct RefinementSettings {
  let modulation: ProjectionRefiner.Modulation
  let startTime: Float
  let stepSize: Float
  let takesLastStepWhole: Bool

  init(_ parameters: inout ParameterReader) throws {
    let standard = ProjectionRefiner.Modulation()
    modulation = ProjectionRefiner.Modulation(
      fullError: try parameters.number("mapFullError", default: Double(standard.fullError), in: 1e-4...10),
      floor: try parameters.number("mapFloor", default: Double(standard.floor), in: 0...1))
    startTime = try parameters.number("startTime", default: 0.45, in: 0.01...0.99)
    stepSize = try parameters.number("stepSize", default: 1, in: 0...2)
    takesLastStepWhole = try parameters.bool("lastStepWhole", default: false)
  }

  /// Returns a system with these settings.
  func applied(to system: GenerationSystem) -> GenerationSystem {
    var system = system
    system.modulation = modulation
    system.startTime = startTime
    system.stepSize = stepSize
    system.takesLastStepWhole = takesLastStepWhole
    return system
  }
}
