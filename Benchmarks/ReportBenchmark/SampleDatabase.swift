import AttemptModel
import Digest
import JSON
import ResultsStore

/// A large database: 50 seeds, 50 configurations, 4 stages, 2 metrics of 50 repetitions each.
enum SampleDatabase {
  private static let seeds = 50
  private static let configurations = 50
  private static let stages = ["coarse", "refine", "timing", "quality"]
  private static let repetitions = 50

  /// Attempts in the database.
  static var attemptCount: Int { seeds * configurations * stages.count }
  /// Samples in the database.
  static var sampleCount: Int { attemptCount * 2 * repetitions }

  /// Makes the database through the store, as a run would.
  static func make(at path: String) async throws {
    let store = try ResultsStore(path: path, mode: .readWrite)
    var trials: [TrialRecord] = []
    var jobs: [JobRecord] = []
    for seed in 1...seeds {
      for configuration in 1...configurations {
        for stage in stages {
          jobs.append(
            JobRecord(
              stage: stage, fingerprint: SHA256Digest(of: "\(stage) \(seed) \(configuration)"),
              parts: [("task", SHA256Digest(of: stage))], isTimed: stage == "timing", parameters: [:],
              trials: [trials.count]))
        }
        trials.append(
          TrialRecord(
            assignment: [("seed", .integer(Int64(seed))), ("configuration", .integer(Int64(configuration)))]))
      }
    }
    let plan = PlanRecord(
      experiment: "large", canonicalSpec: CanonicalJSON.text(of: try JSONValue(parsing: spec)),
      hash: SHA256Digest(of: "plan"), canonicalPlan: "{}", trials: trials, jobs: jobs)
    let run = try store.beginRun(plan: try store.register(plan), code: .unknown, toolVersion: "1.0")
    for start in stride(from: 0, to: jobs.count, by: 200) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for job in start..<min(start + 200, jobs.count) {
          let samples = samples(job: job)
          group.addTask {
            let lease = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "1")
            _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, samples: samples))
          }
        }
        try await group.waitForAll()
      }
    }
    try store.endRun(run, state: .finished)
  }

  private static func samples(job: Int) -> [SampleResult] {
    let configuration = job / stages.count % configurations
    return (0..<repetitions).flatMap { repetition in
      let noise = Double((job * 31 + repetition * 17) % 101) / 1000
      return [
        SampleResult(
          metric: "time.image", unit: "s", repetition: repetition, isWarmup: repetition < 5,
          value: 0.01 + 0.001 * Double(configuration) + noise / 100),
        SampleResult(metric: "score", repetition: repetition, value: 0.8 + noise),
      ]
    }
  }

  private static var spec: String {
    let tables = (0..<8).map { number in
      let columns = stages.map { stage in
        """
        {"label": "\(stage) time", "stage": "\(stage)", "metric": "time.image", "unit": "ms", "scale": 1000, "digits": 2,
         "statistic": "median"}, {"label": "\(stage) score", "stage": "\(stage)", "metric": "score", "digits": 3}
        """
      }
      return """
        {"id": "table\(number)", "title": "Table \(number)", "rows": "configuration", "where": {"seed": [\(seedList(number))]},
         "columns": [\(columns.joined(separator: ", "))]}
        """
    }
    let kinds = ["line", "bar", "strip", "box", "scatter", "ecdf", "trend", "heat", "line", "line"]
    let charts = (0..<20).map { number in
      """
      {"id": "chart\(number)", "kind": "\(kinds[number % kinds.count])", "title": "Chart \(number)",
       "x": {"axis": "configuration", "stage": "timing", "metric": "time.image"}, "y": {"axis": "seed"}, "panels": [
       {"label": "Score", "series": [{"label": "a", "stage": "\(stages[number % 4])", "metric": "score"}]},
       {"label": "Time", "unit": "s", "series": [{"label": "a", "stage": "\(stages[number % 4])", "metric": "time.image"},
        {"label": "b", "stage": "\(stages[(number + 1) % 4])", "metric": "time.image"}]}]}
      """
    }
    let claims = (0..<12).map { number in
      """
      {"id": "C\(number)", "text": "claim \(number)", "tests": [{"quantity": {"stage": "\(stages[number % 4])",
       "metric": "score"}, "where": {"configuration": \(number + 1)}, "rule": {"greater": 0.8}}]}
      """
    }
    return """
      {"name": "large", "report": {"tables": [\(tables.joined(separator: ", "))],
       "charts": [\(charts.joined(separator: ", "))], "claims": [\(claims.joined(separator: ", "))]}}
      """
  }

  /// Each table looks at another half of the seeds.
  private static func seedList(_ number: Int) -> String {
    (1...seeds).filter { ($0 + number) % 2 == 0 || number == 0 }.map(String.init).joined(separator: ", ")
  }
}
