import AttemptModel
import Files
import Foundation
import PriorBrush
import WorkerProtocol

/// The end of a training's log as metrics.
struct TrainingSummary {
  /// Mean loss of the last tenth of the reports, and the mean speed of all.
  let metrics: [TaskMeasurements.Metric]

  init(log path: String) throws {
    let rows = try String(decoding: WholeFile.read(path, limit: 1 << 28), as: UTF8.self).split(separator: "\n")
      .dropFirst().map { line in
        line.split(separator: ",").compactMap { Double($0) }
      }.filter { $0.count == 3 }
    let last = rows.suffix(max(1, rows.count / 10))
    func mean(_ rows: some Collection<[Double]>, _ column: Int) -> Double {
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    metrics = [
      .init(name: "loss", value: mean(last, 1)),
      .init(name: "throughput", value: mean(rows, 2), unit: "images/s"),
    ]
  }
}

extension TaskEnvironment {
  /// Copies a training's log to the output folder.
  func log(of loop: TrainingLoop) throws -> TaskMeasurements.Artifact {
    try FileManager.default.copyItem(atPath: loop.logPath, toPath: output("training.csv"))
    return .init(name: "log", path: "training.csv", mediaType: "text/csv")
  }
}
