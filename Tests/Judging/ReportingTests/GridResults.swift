import AttemptModel
import JSON
import ResultsStore

/// Results made up for tests: two models by two values of C and three seeds, every accuracy computed from them.
enum GridResults {
  /// 0.90 for svm and 0.80 for tree at C = 0.1, 0.05 more at C = 1, 0.001 more for each seed.
  static func accuracy(_ model: String, _ c: Double, _ seed: Int) -> Double {
    (model == "svm" ? 0.90 : 0.80) + (c == 1 ? 0.05 : 0) + 0.001 * Double(seed)
  }

  /// Returns an experiment with one stage, `train`, that reports `accuracy` and `loss`.
  ///
  /// - Parameters:
  ///   - report: The report section as JSON.
  ///   - metrics: What the spec says of metrics.
  ///   - accuracy: Returns the accuracy of a trial.
  /// - Returns: Results of one run.
  /// - Throws: `JSONError` if the parts are no JSON.
  static func experiment(
    report: String, metrics: String = "{}", accuracy: (String, Double, Int) -> Double = accuracy
  ) throws -> ExperimentResults {
    var results = try SampleResults.experiment(name: "grid", seeds: [], report: report)
    results.spec = try JSONValue(
      parsing: "{\"name\": \"grid\", \"title\": \"Grid\", \"metrics\": \(metrics), \"report\": \(report)}",
      dialect: .relaxed)
    for model in ["svm", "tree"] {
      for c in [0.1, 1] {
        for seed in 1...3 {
          let trial = results.trials.count
          results.trials.append(
            TrialResults(
              index: trial,
              assignment: [
                ("model", .string(model)), ("C", c == 1 ? 1 : .number(c)), ("label", .string("the \(model)")),
                ("seed", .integer(Int64(seed))),
              ]))
          let value = accuracy(model, c, seed)
          results.jobs.append(
            SampleResults.job(
              "train", trial: trial, index: trial,
              samples: [SampleResult(metric: "accuracy", value: value)]
                + [0.9, 0.4, 0.2].enumerated().map {
                  SampleResult(metric: "loss", repetition: $0.offset, value: $0.element * value)
                }))
        }
      }
    }
    return results
  }
}
