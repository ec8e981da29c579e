import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// Times the one-step and the two-stage pipeline against each other on the same prompt and seed, one image at a time.
///
/// What is timed is the whole way from the encoded prompt to pixels; PriorBrush makes its coarse image anew. The refinement alone is
/// timed beside them. In "abba" order the pipelines change places from pair to pair; "fixed" is the paper's order.
struct TimePipelinesTask: WorkerTask {
  static let name = "time-pipelines"
  static let version = "2"

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
    let plan = try MeasurementPlan(environment.request.measurement)

    var samples: [TaskMeasurements.Sample] = []
    let clock = ContinuousClock()
    func time(_ metric: String, _ slot: MeasurementPlan.Slot, position: Int, _ body: () -> Void) {
      let seconds = clock.measure(body) / .seconds(1)
      samples.append(
        .init(
          metric: metric, unit: "s", repetition: slot.repetition, isWarmup: slot.isWarmup, block: slot.block,
          position: position, value: seconds))
    }
    for slot in plan.slots {
      for (position, isSwiftBrush) in [slot.startsWithFirst, !slot.startsWithFirst].enumerated() {
        if isSwiftBrush {
          time("time.swiftbrush", slot, position: position) {
            _ = swiftBrush.generate(captions: captions, seeds: seeds)
          }
        } else {
          time("time.priorbrush", slot, position: position) {
            _ = priorBrush.generate(captions: captions, seeds: seeds, steps: request.steps)
          }
        }
      }
      time("time.refinement", slot, position: 2) {
        _ = priorBrush.refiner.refine(coarse, captions: captions, seeds: seeds, steps: request.steps)
      }
    }
    return TaskMeasurements(samples: samples)
  }
}
