import NeuralNetwork
import PriorBrush

/// The parameters of the second stage that several tasks share.
struct RefinementParameters {
  let refiner: ModelSet.RefinerKind
  let modulation: ProjectionRefiner.Modulation?
  let startTime: Float
  let stepSize: Float

  /// Reads `refiner`, `map`, `mapFullError`, `mapFloor`, `startTime` and `stepSize`.
  init(_ parameters: inout ParameterReader) throws {
    refiner = try parameters.choice("refiner", default: .teacher)
    let usesMap = try parameters.bool("map", default: true)
    let standard = ProjectionRefiner.Modulation()
    let modulation = ProjectionRefiner.Modulation(
      fullError: try parameters.number("mapFullError", default: Double(standard.fullError), in: 1e-4...10),
      floor: try parameters.number("mapFloor", default: Double(standard.floor), in: 0...1))
    self.modulation = usesMap ? modulation : nil
    startTime = try parameters.number("startTime", default: 0.45, in: 0.01...0.99)
    stepSize = try parameters.number("stepSize", default: 1, in: 0...2)
  }

  func pipeline(_ models: ModelSet, session: Session) throws -> PriorBrushPipeline {
    try models.priorBrush(
      refiner: refiner, modulation: modulation, startTime: startTime, stepSize: stepSize, session: session)
  }

  /// Returns a system with these settings; which network refines, and whether the map acts, is said by the system's name.
  func applied(to system: GenerationSystem) -> GenerationSystem {
    var system = system
    if let modulation { system.modulation = modulation }
    system.startTime = startTime
    system.stepSize = stepSize
    return system
  }
}
