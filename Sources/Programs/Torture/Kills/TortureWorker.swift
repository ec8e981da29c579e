import AttemptModel
import Foundation
import JSON
import WorkerProtocol

/// The worker of the torture graph.
public enum TortureWorker {
  /// Serves the task `square` until the orchestrator closes the pipe.
  public static func serve() {
    let server = WorkerServer(
      hello: WorkerHello(name: "torture", version: "1", tasks: [.init(name: "square", version: "1")]))
    server.run { request, _ in
      let seed = request.parameters["seed"]?.realValue ?? .nan
      usleep(UInt32(seed) % 5 * 1000)
      let text = "square \(seed * seed)\n"
      try text.write(toFile: "\(request.outputDirectory)/square.txt", atomically: false, encoding: .utf8)
      let samples = (0..<3).map { repetition in
        TaskMeasurements.Sample(
          metric: "power", unit: "1", repetition: repetition, isWarmup: repetition == 0,
          value: seed * Double(repetition))
      }
      return TaskMeasurements(
        metrics: [.init(name: "square", value: seed * seed, unit: "1")], samples: samples,
        artifacts: [.init(name: "square", path: "square.txt", mediaType: "text/plain")])
    }
  }
}
