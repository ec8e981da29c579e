import AttemptModel
import ExperimentSpec
import ResultsStore
import Statistics

/// The samples of all jobs, condensed to a few statistics for each attempt and metric.
///
/// Every table, chart and claim asks for the same few values, so that repetitions are averaged and sorted once.
struct CondensedSamples: Sendable {
  /// What the repetitions of one metric in one attempt come to; NaN if any of them is.
  struct Value: Sendable {
    fileprivate var metric: Int
    private var mean: Double
    private var median: Double
    private var least: Double
    private var greatest: Double
    private var last: Double

    fileprivate init(_ metric: Int, of repetitions: [Double]) {
      self.metric = metric
      last = repetitions.last ?? .nan
      (mean, median, least, greatest) = (.nan, .nan, .nan, .nan)
      guard !repetitions.contains(where: \.isNaN), let first = repetitions.first else { return }
      mean = Statistics.mean(of: repetitions)
      median = Statistics.median(of: repetitions)
      (least, greatest) = repetitions.reduce((first, first)) { (Swift.min($0.0, $1), Swift.max($0.1, $1)) }
    }

    /// The value that stands for the repetitions.
    func value(_ statistic: MetricSource.Statistic) -> Double {
      switch statistic {
      case .mean: mean
      case .median: median
      case .min: least
      case .max: greatest
      case .last: last
      }
    }
  }

  private var numbers: [String: Int] = [:]
  private var values: [Value] = []
  /// By job, where its values begin, in the order of their metrics' numbers; one more at the end.
  private var starts = [0]
  private var attempts: [Int64?] = []
  private var gaps: [Int: Measurement.Gap] = [:]

  /// Condenses samples, warm-ups left out.
  init(_ jobs: [JobResults]) {
    attempts.reserveCapacity(jobs.count)
    starts.reserveCapacity(jobs.count + 1)
    for (position, job) in jobs.enumerated() {
      let isDone = job.state.hasResult
      let attempt = isDone ? job.attempt?.id : nil
      attempts.append(attempt)
      if attempt == nil { gaps[position] = Measurement.Gap(job) } else { condense(job.attempt?.samples ?? []) }
      starts.append(values.count)
    }
  }

  /// The number that stands for a metric; `nil` if no attempt reported it.
  func number(of metric: String) -> Int? { numbers[metric] }

  /// The names of the metrics that some jobs' attempts reported.
  func metrics(of jobs: [Int]) -> Set<String> {
    var found: Set<Int> = []
    for job in jobs { for position in starts[job]..<starts[job + 1] { found.insert(values[position].metric) } }
    return Set(numbers.filter { found.contains($0.value) }.keys)
  }

  /// The attempt behind a job's values, `nil` without one.
  func attempt(of job: Int) -> Int64? { attempts[job] }

  /// Why a job has no values.
  func gap(of job: Int) -> Measurement.Gap { gaps[job] ?? .missing }

  /// What a job's attempt says about a metric, `nil` if nothing.
  func value(of metric: Int, in job: Int) -> Value? {
    var (low, high) = (starts[job], starts[job + 1])
    while low < high {
      let middle = low + (high - low) / 2
      if values[middle].metric < metric { low = middle + 1 } else { high = middle }
    }
    return low < starts[job + 1] && values[low].metric == metric ? values[low] : nil
  }

  private mutating func condense(_ samples: [SampleResult]) {
    var found: [(name: String, values: [Double])] = []
    var positions: [String: Int] = [:]
    var last = 0
    for sample in samples where !sample.isWarmup {
      // Repetitions of a metric mostly follow one another.
      if !found.indices.contains(last) || found[last].name != sample.metric {
        last = positions[sample.metric] ?? found.count
        if last == found.count {
          positions[sample.metric] = last
          found.append((sample.metric, []))
        }
      }
      found[last].values.append(sample.value)
    }
    let start = values.count
    for (name, repetitions) in found {
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      values.append(Value(number, of: repetitions))
    }
    values[start...].sort { $0.metric < $1.metric }
  }
}
