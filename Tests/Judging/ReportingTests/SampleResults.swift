import AttemptModel
import JSON
import ResultsStore

/// Results made up for tests: five seeds, several numbers of steps, every value computed from seed and steps.
enum SampleResults {
  /// Returns an experiment over seeds and steps with the stages coarse, refine, timing and compare.
  static func experiment(
    name: String = "exp1", seeds: [Int] = [43, 44, 45, 46, 47], steps: [Int] = [3], report: String,
    title: String = "Inference time and similarity"
  ) throws -> ExperimentResults {
    var trials: [TrialResults] = []
    var jobs: [JobResults] = []
    for seed in seeds {
      for step in steps {
        let trial = TrialResults(
          index: trials.count, assignment: [("seed", .integer(Int64(seed))), ("steps", .integer(Int64(step)))])
        trials.append(trial)
        for stage in ["timing", "compare"] {
          jobs.append(job(stage, trial: trial.index, index: jobs.count, samples: samples(stage, seed, step)))
        }
      }
    }
    let spec = """
      {"name": "\(name)", "title": "\(title)", "report": \(report)}
      """
    return ExperimentResults(
      name: name, spec: try JSONValue(parsing: spec, dialect: .relaxed), planHash: String(repeating: "ab12", count: 16),
      run: run, trials: trials, jobs: jobs)
  }

  static let run = RunSummary(
    id: 3, state: .ended(.finished), startedAt: "2026-01-02T03:04:05Z",
    commit: "0123456789abcdef0123456789abcdef01234567",
    isDirty: false,
    machine: [
      "cpuModel": "Example CPU", "cores": 2, "memoryBytes": 8_589_934_592, "kernel": "Linux 6.1", "virtualized": true,
      "fingerprint": "feedfacecafe0000",
    ], toolVersion: "1.0")

  static func job(_ stage: String, trial: Int, index: Int, samples: [SampleResult]) -> JobResults {
    let attempt = AttemptResults(
      id: Int64(index + 1), number: 1, state: .ended(.succeeded), message: nil, durationSeconds: 1, samples: samples,
      artifacts: [], run: 3)
    return JobResults(
      index: index, stage: stage, trials: [trial], state: .done, fingerprint: "f\(index)", attempt: attempt)
  }

  /// SwiftBrush 2.0 ms, PriorBrush 2.0 ms + 0.5 ms per step, each + 0.02 ms per seed above 43; one wild warm-up.
  static func swiftBrushSeconds(_ seed: Int) -> Double { 0.0020 + 0.00002 * Double(seed - 43) }
  static func priorBrushSeconds(_ seed: Int, _ steps: Int) -> Double {
    swiftBrushSeconds(seed) + 0.0005 * Double(steps)
  }
  static func similarity(_ seed: Int, _ steps: Int) -> Double {
    0.95 - 0.012 * Double(steps) + 0.002 * Double((seed * 7) % 5)
  }

  private static func samples(_ stage: String, _ seed: Int, _ steps: Int) -> [SampleResult] {
    guard stage == "timing" else { return [SampleResult(metric: "ssim", value: similarity(seed, steps))] }
    let values = [("time.swiftbrush", swiftBrushSeconds(seed)), ("time.priorbrush", priorBrushSeconds(seed, steps))]
    return values.flatMap { metric, seconds in
      [SampleResult(metric: metric, unit: "s", repetition: 0, isWarmup: true, value: 9)]
        + [0.9999, 1, 1.0001].enumerated().map {
          SampleResult(metric: metric, unit: "s", repetition: $0.offset + 1, value: seconds * $0.element)
        }
    }
  }

  /// The paper's Table 1.
  static let table1 = """
    {"tables": [{"id": "table1", "title": "Table 1: Inference times and SSIM", "caption": "One trial per seed.",
      "rows": "seed", "rowLabel": "Trial", "rowNames": "index", "where": {"steps": 3}, "summary": ["mean", "std"],
      "columns": [
        {"label": "SwiftBrush Time (s)", "stage": "timing", "metric": "time.swiftbrush", "unit": "s", "statistic": "median",
         "paper": [0.0005, 0.0003, 0.0003, 0.0003, 0.0003], "paperSummary": {"mean": 0.0003, "std": 0.0001}},
        {"label": "PriorBrush Time (s)", "stage": "timing", "metric": "time.priorbrush", "unit": "s", "statistic": "median",
         "paper": [0.0006, 0.0006, 0.0006, 0.0005, 0.0006], "paperSummary": {"mean": 0.0006, "std": 0.0000}},
        {"label": "SSIM", "stage": "compare", "metric": "ssim",
         "paper": [0.8599, 0.8599, 0.8599, 0.8599, 0.8599], "paperSummary": {"mean": 0.8599}}]}]}
    """

  /// The paper's Figure 2, and the same as a table.
  static let figure2 = """
    {"introduction": "Both panels use the same five seeds.",
     "tables": [{"id": "table2", "title": "Figure 2 as a table", "rows": "steps", "rowLabel": "N", "rowNames": "value",
      "columns": [
        {"label": "Time (ms)", "stage": "timing", "metric": "time.priorbrush", "unit": "ms", "scale": 1000, "digits": 2,
         "paper": [null, null, 0.6, 0.6, 0.6, null]},
        {"label": "SSIM", "stage": "compare", "metric": "ssim", "paper": [null, null, 0.8599, 0.8599, 0.8599, null]}]}],
     "charts": [{"id": "figure2", "title": "Figure 2: Sensitivity to the number of refinement steps",
      "caption": "Five seeds.", "x": {"axis": "steps", "label": "Refinement steps N"},
      "panels": [
        {"label": "Time per image", "unit": "ms", "series": [
          {"label": "PriorBrush", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "statistic": "median",
           "paper": [{"x": 2, "y": 0.6}, {"x": 3, "y": 0.6}, {"x": 5, "y": 0.6}]},
          {"label": "SwiftBrush", "stage": "timing", "metric": "time.swiftbrush", "scale": 1000, "statistic": "median"}]},
        {"label": "SSIM to the one-step image", "series": [
          {"label": "PriorBrush", "stage": "compare", "metric": "ssim",
           "paper": [{"x": 2, "y": 0.8599}, {"x": 3, "y": 0.8599}, {"x": 5, "y": 0.8599}]}]}]}]}
    """
}

extension ExperimentResults {
  /// Turns the job of a stage and trial into one that failed, or was never run.
  mutating func spoil(_ stage: String, trial: Int, state: JobState = .failed, message: String? = nil) {
    guard let position = jobs.firstIndex(where: { $0.stage == stage && $0.trials.contains(trial) }) else { return }
    jobs[position].state = state
    jobs[position].attempt?.samples = []
    jobs[position].attempt?.state = .ended(.failed)
    jobs[position].attempt?.message = message
    if state == .planned || state == .skipped { jobs[position].attempt = nil }
  }

  /// Replaces the value of a metric.
  mutating func set(_ metric: String, trial: Int, to value: Double) {
    for position in jobs.indices where jobs[position].trials.contains(trial) {
      guard let samples = jobs[position].attempt?.samples, samples.contains(where: { $0.metric == metric }) else {
        continue
      }
      jobs[position].attempt?.samples = [SampleResult(metric: metric, value: value)]
    }
  }
}
