import NeuralNetwork
import PriorBrush
import InterleavedTiming
import WorkerProtocol

/// Times the one-step and the two-stage pipeline against each other on the same prompt and seed, one image at a time.
///
/// What is timed is the whole way from the encoded prompt to pixels; PriorBrush makes its coarse image anew. The refinement alone is
/// timed beside them, in the same rounds.
struct TimePipelinesTask: WorkerTask {
  static let name = "time-pipelines"
  static let version = "3"

  private let request: PipelineParameters

  init(_ parameters: inout ParameterReader) throws {
    request = try PipelineParameters(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let session = environment.session
    let captions = models.text.encode([request.prompt], session: session)
    let seeds = [request.seed]
    let swiftBrush = try models.swiftBrush(session: session)
    let priorBrush = try request.priorBrush(models, session: session)
    let coarse = swiftBrush.generate(captions: captions, seeds: seeds)
    let timing = InterleavedTiming(try MeasurementPlan(environment.request.measurement), seed: environment.request.seed)
    let variants: [InterleavedTiming.Variant] = [
      .init("time.swiftbrush") { _ = swiftBrush.generate(captions: captions, seeds: seeds) },
      .init("time.priorbrush") { _ = priorBrush.generate(captions: captions, seeds: seeds, steps: request.steps) },
      .init("time.refinement") {
        _ = priorBrush.refiner.refine(coarse, captions: captions, seeds: seeds, steps: request.steps)
      },
    ]
    let result = try timing.measure(variants, betweenTurns: environment.context.checkCancellation)
    return TaskMeasurements(result)
  }
}
