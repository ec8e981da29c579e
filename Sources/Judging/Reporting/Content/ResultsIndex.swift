import AttemptModel
import ExperimentSpec
import JSON
import ResultsStore

/// Fast questions about the results of one experiment.
struct ResultsIndex: Sendable {
  let results: ExperimentResults
  /// The attempts of all jobs by stage and run.
  let attempts: AttemptIndex
  private let samples: CondensedSamples
  private var jobsOfStage: [String: [Int: [Int]]] = [:]
  /// The positions of all jobs of a stage.
  private var positionsOfStage: [String: [Int]] = [:]

  /// Indexes results.
  init(_ results: ExperimentResults) {
    self.results = results
    samples = CondensedSamples(results.jobs)
    attempts = AttemptIndex(results)
    for (position, job) in results.jobs.enumerated() {
      positionsOfStage[job.stage, default: []].append(position)
      for trial in job.trials { jobsOfStage[job.stage, default: [:]][trial, default: []].append(position) }
    }
  }

  /// Returns the trials that a filter accepts, in plan order.
  func trials(_ filter: AssignmentPattern) -> [TrialResults] {
    results.trials.filter(filter.matches)
  }

  /// Returns the different values of a variable in the order of their first trial.
  func values(of axis: String, in trials: [TrialResults]) -> [JSONValue] {
    var values: [JSONValue] = []
    var seen: Set<String> = []
    for trial in trials {
      guard let value = trial.value(of: axis), seen.insert(value.comparable).inserted else { continue }
      values.append(value)
    }
    return values
  }

  /// Returns the trials of each value of a variable, in the order of the values.
  ///
  /// One pass over the trials, so that an axis of thousands of values stays cheap.
  func groups(_ trials: [TrialResults], by axis: String, values: [JSONValue]) -> [[TrialResults]] {
    var positions: [String: Int] = [:]
    for (position, value) in values.enumerated() { positions[value.comparable] = position }
    var groups = [[TrialResults]](repeating: [], count: values.count)
    for trial in trials {
      guard let value = trial.value(of: axis), let position = positions[value.comparable] else { continue }
      groups[position].append(trial)
    }
    return groups
  }

  /// Returns the trials of each combination of values that occurs on some variables, ordered by the first variable's values, then
  /// the second's and so on, each in the order of their first trial.
  func combinations(
    of axes: [String], in trials: [TrialResults]
  ) -> [(values: [JSONValue], trials: [TrialResults])] {
    guard axes.count > 1 else {
      guard let axis = axes.first else { return [] }
      let values = values(of: axis, in: trials)
      return zip(values, groups(trials, by: axis, values: values)).map { ([$0], $1) }
    }
    var orders: [[String: Int]] = []
    for axis in axes {
      let texts = values(of: axis, in: trials).map(\.comparable)
      orders.append(Dictionary(texts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first }))
    }
    var groups: [[Int]: (values: [JSONValue], trials: [TrialResults])] = [:]
    for trial in trials {
      let values = axes.compactMap(trial.value(of:))
      guard values.count == axes.count else { continue }
      groups[zip(values, orders).map { $1[$0.comparable] ?? 0 }, default: (values, [])].trials.append(trial)
    }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  /// Returns the names of the metrics that the attempts of a stage reported; `nil` if none has a result.
  func metrics(of stage: String) -> Set<String>? {
    let jobs = results.jobs.indices.filter { results.jobs[$0].stage == stage && results.jobs[$0].state.hasResult }
    return jobs.isEmpty ? nil : samples.metrics(of: jobs)
  }

  /// Returns the jobs of a stage that serve any of the trials, each once, in plan order.
  func jobs(of stage: String, for trials: [TrialResults]) -> [JobResults] {
    positions(of: stage, for: trials).map { results.jobs[$0] }
  }

  private func positions(of stage: String, for trials: [TrialResults]) -> [Int] {
    guard let byTrial = jobsOfStage[stage] else { return [] }
    // Most cells are of few trials, each with a job of its own.
    var positions: [Int] = []
    for trial in trials { positions += byTrial[trial.index] ?? [] }
    let isAscending = zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 }
    return isAscending ? positions : Set(positions).sorted()
  }

  /// Returns a metric over the trials.
  func measurement(_ source: MetricSource, for trials: [TrialResults]) -> Measurement {
    Measurement(source, of: positions(of: source.stage, for: trials), in: samples)
  }

  /// Returns a metric over all jobs of its stage, in plan order.
  func measurement(_ source: MetricSource) -> Measurement {
    Measurement(source, of: positionsOfStage[source.stage] ?? [], in: samples)
  }
}
