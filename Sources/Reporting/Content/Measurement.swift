import ResultsStore
import Statistics

/// The samples of a job's attempt by metric, warm-ups left out.
struct MetricValues: Sendable {
  private var metrics: [(name: String, values: [Double])] = []

  /// Sorts a job's samples.
  init(_ job: JobResults) {
    for sample in job.attempt?.samples ?? [] where !sample.isWarmup {
      if let position = metrics.firstIndex(where: { $0.name == sample.metric }) {
        metrics[position].values.append(sample.value)
      } else {
        metrics.append((sample.metric, [sample.value]))
      }
    }
  }

  /// The values of a metric in the order reported; none if it was not.
  subscript(name: String) -> [Double] { metrics.first { $0.name == name }?.values ?? [] }
}

/// What measurements ask of a job: its samples, or why there are none.
struct JobValues: Sendable {
  /// The attempt behind the values; `nil` without one.
  let attempt: Int64?
  /// Why there are no values; `nil` if the job is done.
  let gap: Measurement.Gap?
  let metrics: MetricValues

  /// Sorts a job's samples.
  init(_ job: JobResults) {
    let isDone = job.state == "done" || job.state == "reused"
    attempt = isDone ? job.attempt?.id : nil
    gap = attempt == nil ? Measurement.Gap(job) : nil
    metrics = MetricValues(job)
  }
}

/// What the attempts of some jobs say about one metric.
struct Measurement: Sendable {
  /// The value of one attempt.
  struct Observation: Sendable, Hashable {
    var attempt: Int64
    /// In the printed unit; may be NaN or infinite.
    var value: Double
  }

  /// Why a job has no value.
  enum Gap: Sendable, Hashable {
    case failed(String)
    case skipped
    case missing
  }

  /// One per attempt with a value, in plan order.
  var observations: [Observation] = []
  /// One per job without a value, in plan order.
  var gaps: [Gap] = []

  /// The values that can be averaged.
  var values: [Double] { observations.map(\.value).filter(\.isFinite) }

  /// Whether a mean would leave something out.
  var isIncomplete: Bool { !gaps.isEmpty || values.count < observations.count }

  /// Number of values that there should be.
  var expectedCount: Int { observations.count + gaps.count }

  /// Reads a metric from jobs.
  init(_ source: MetricSource, jobs: [JobResults]) {
    self.init(source, of: jobs.map(JobValues.init))
  }

  /// Reads a metric from jobs whose samples are sorted by metric already.
  init(_ source: MetricSource, of jobs: some Collection<JobValues>) {
    for job in jobs {
      guard let attempt = job.attempt else {
        gaps.append(job.gap ?? .missing)
        continue
      }
      let samples = job.metrics[source.metric]
      guard !samples.isEmpty else {
        gaps.append(.missing)
        continue
      }
      let value: Double
      if samples.contains(where: \.isNaN) {
        value = .nan
      } else {
        value = source.statistic == .median ? Statistics.median(of: samples) : Statistics.mean(of: samples)
      }
      observations.append(Observation(attempt: attempt, value: value * source.scale))
    }
    if jobs.isEmpty { gaps.append(.missing) }
  }

  /// Joins the measurements of several cells; an attempt that several cells share counts once.
  init(joining parts: [Measurement]) {
    var seen: Set<Observation> = []
    for part in parts {
      observations += part.observations.filter { seen.insert($0).inserted }
      gaps += part.gaps
    }
  }

  /// The values' description, `nil` without a finite value.
  var summary: Summary? { try? Summary(of: values) }

  /// The interval of the mean from independent attempts, `nil` for fewer than two.
  var meanInterval: ConfidenceInterval? { try? Statistics.meanInterval(of: values) }
}

extension Measurement.Gap {
  init(_ job: JobResults) {
    switch job.state {
    case "failed":
      let message = job.attempt?.message ?? job.attempt?.exitKind ?? "no attempt was recorded"
      self = .failed(message)
    case "skipped": self = .skipped
    default: self = .missing
    }
  }

  /// How the gap shows in a cell.
  var text: String {
    switch self {
    case .failed(let message): "failed: " + Markdown.shortened(message, to: 60)
    case .skipped: "skipped"
    case .missing: NumberFormat.missing
    }
  }
}
