import PriorBrush

/// How strongly the second stage acts: the parameters `mapFullError`, `mapFloor`, `startTime` and `stepSize`.
struct RefinementSettings {
  let modulation: ProjectionRefiner.Modulation
  let startTime: Float
  let stepSize: Float

  init(_ parameters: inout ParameterReader) throws {
    let standard = ProjectionRefiner.Modulation()
    modulation = ProjectionRefiner.Modulation(
      fullError: try parameters.number("mapFullError", default: Double(standard.fullError), in: 1e-4...10),
      floor: try parameters.number("mapFloor", default: Double(standard.floor), in: 0...1))
    startTime = try parameters.number("startTime", default: 0.45, in: 0.01...0.99)
    stepSize = try parameters.number("stepSize", default: 1, in: 0...2)
  }

  /// Returns a system with these settings.
  func applied(to system: GenerationSystem) -> GenerationSystem {
    var system = system
    system.modulation = modulation
    system.startTime = startTime
    system.stepSize = stepSize
    return system
  }
}
