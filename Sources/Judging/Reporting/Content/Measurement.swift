import AttemptModel
import ExperimentSpec
import ResultsStore
import Statistics

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
    /// The plan has no job for it.
    case unplanned
  }

  /// One per attempt with a value, in plan order.
  var observations: [Observation] = []
  /// One per job without a value, in plan order.
  var gaps: [Gap] = []

  /// The values that can be averaged.
  var values: [Double] { observations.map(\.value).filter(\.isFinite) }

  /// Whether a mean would leave something out.
  var isIncomplete: Bool { !gaps.isEmpty || values.count < observations.count }

  /// What a mean leaves out, by kind.
  var shortfall: Shortfall { Shortfall(self) }

  /// Number of values that there should be.
  var expectedCount: Int { observations.count + gaps.count }

  /// Reads a metric from jobs.
  ///
  /// - Parameters:
  ///   - source: What is read.
  ///   - jobs: Positions in the condensed samples.
  ///   - samples: Those of all jobs.
  init(_ source: MetricSource, of jobs: [Int], in samples: CondensedSamples) {
    observations.reserveCapacity(jobs.count)
    let metric = samples.number(of: source.metric)
    for job in jobs {
      guard let attempt = samples.attempt(of: job) else {
        gaps.append(samples.gap(of: job))
        continue
      }
      guard let metric, let condensed = samples.value(of: metric, in: job) else {
        gaps.append(.missing)
        continue
      }
      observations.append(
        Observation(attempt: attempt, value: condensed.value(source.statistic) * source.scale))
    }
    if jobs.isEmpty { gaps.append(.unplanned) }
  }

  /// Joins the measurements of several cells; an attempt that several cells share counts once.
  init(joining parts: [Measurement]) {
    var seen: Set<Observation> = []
    for part in parts {
      observations += part.observations.filter { seen.insert($0).inserted }
      gaps += part.gaps
    }
  }

  /// The mean of the finite values, `nil` without one.
  var mean: Double? {
    let values = values
    return values.isEmpty ? nil : Statistics.mean(of: values)
  }

  /// The values' description, `nil` without a finite value.
  var summary: Summary? { try? Summary(of: values) }

  /// The interval of the mean from independent attempts, `nil` for fewer than two.
  var meanInterval: ConfidenceInterval? { try? Statistics.meanInterval(of: values) }
}

extension Measurement.Gap {
  init(_ job: JobResults) {
    switch job.state {
    case .failed:
      let message = job.attempt?.message ?? job.attempt?.state.name ?? "no attempt was recorded"
      self = .failed(FailureText(message).reason)
    case .skipped: self = .skipped
    case .planned, .ready, .running, .done, .reused: self = .missing
    }
  }

  /// How the gap shows in a cell.
  var text: String {
    switch self {
    case .failed(let message): "failed: " + Markdown.shortened(message, to: 60)
    case .skipped: "skipped"
    case .missing, .unplanned: NumberFormat.missing
    }
  }
}
