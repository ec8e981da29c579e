import JSON

extension ResultsStore {
  /// Returns all samples of the latest run of an experiment as CSV (RFC 4180).
  ///
  /// One row a sample and trial: a sample of a job that serves several trials is repeated, with the same attempt. Columns: experiment,
  /// run, trial, one for each axis, stage, state, attempt, metric, unit, repetition, warmup, block, position, value. Numbers are
  /// unrounded; values that are not finite read NaN, Infinity, -Infinity.
  ///
  /// - Parameter experiment: Name of the experiment.
  /// - Returns: The text with a header line; lines end with CR LF.
  /// - Throws: `StoreError`, `.notFound` if the experiment has no run.
  public func samplesCSV(experiment: String) throws(StoreError) -> String {
    let results = try experimentResults(name: experiment)
    let axes = results.trials.first?.assignment.map(\.name) ?? []
    var text = CSV.line(
      ["experiment", "run", "trial"] + axes
        + ["stage", "state", "attempt", "metric", "unit", "repetition", "warmup", "block", "position", "value"])
    for job in results.jobs {
      guard let attempt = job.attempt else { continue }
      for index in job.trials where results.trials.indices.contains(index) {
        let trial = results.trials[index]
        let head =
          [results.name, String(results.run.id), String(trial.index)] + trial.assignment.map { CSV.text(of: $0.value) }
        for sample in attempt.samples {
          text += CSV.line(
            head + [job.stage, job.state, String(attempt.id)] + CSV.fields(of: sample))
        }
      }
    }
    return text
  }
}

/// Writes comma-separated values.
private enum CSV {
  static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  static func text(of value: JSONValue) -> String {
    value.stringValue ?? CanonicalJSON.text(of: value)
  }

  static func fields(of sample: SampleResult) -> [String] {
    [
      sample.metric, sample.unit, String(sample.repetition), sample.isWarmup ? "1" : "0",
      sample.block.map { String($0) } ?? "",
      sample.position.map { String($0) } ?? "",
      sample.value.isFinite ? sample.value.description : FinishedAttempt.specialName(of: sample.value),
    ]
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return needsQuotes
      ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
  }
}
