import NeuralNetwork
import PriorBrush

/// What the two pipelines draw and how they refine it: the parameters that generating and timing share.
struct PipelineParameters {
  let prompt: String
  let seed: UInt64
  let steps: Int
  private let refiner: ModelSet.RefinerKind
  private let usesMap: Bool
  private let settings: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    prompt = try parameters.string("prompt")
    seed = UInt64(try parameters.integer("seed", in: 0...Int.max))
    steps = try parameters.integer("steps", in: 0...1000)
    refiner = try parameters.choice("refiner", default: .teacher)
    usesMap = try parameters.bool("map", default: true)
    settings = try RefinementSettings(&parameters)
  }

  func priorBrush(_ models: ModelSet, session: Session) throws -> PriorBrushPipeline {
    try models.priorBrush(
      refiner: refiner, modulation: usesMap ? settings.modulation : nil, startTime: settings.startTime,
      stepSize: settings.stepSize, takesLastStepWhole: settings.takesLastStepWhole, session: session)
  }
}
