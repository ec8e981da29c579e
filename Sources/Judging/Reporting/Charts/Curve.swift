import AttemptModel
import ExperimentSpec
import ResultsStore
import Statistics

/// The values of one attempt by step.
struct Course: Sendable {
  var attempt: Int64
  /// Ascending, each once.
  var steps: [Int]
  /// One for each step, in the printed unit; may be NaN or infinite.
  var values: [Double]
}

/// The mean course of some attempts, with a band.
struct Curve: Sendable {
  /// Ascending.
  var steps: [Double] = []
  /// The mean at each step, or the median if bands are quartiles.
  var values: [Double] = []
  /// What the band spans at each step; empty without a band.
  var lower: [Double] = []
  var upper: [Double] = []
  /// The last value of each attempt, in plan order.
  var attempts: [Measurement.Observation] = []
  /// Least and greatest number of attempts behind a point.
  var counts: ClosedRange<Int>?
  /// Values that are infinite or NaN.
  var lostCount = 0

  /// Averages courses step by step.
  ///
  /// - Parameters:
  ///   - courses: One for each attempt; a step that some of them lack is averaged over the others.
  ///   - spread: What the band shows.
  ///   - smoothedSteps: How many steps around a step its value averages, at least 1.
  init(_ courses: [Course], spread: ChartRequest.Spread, smoothedSteps: Int) {
    attempts = courses.compactMap { course in
      course.values.last.map { Measurement.Observation(attempt: course.attempt, value: $0) }
    }
    let length = courses.map(\.steps.count).max() ?? 0
    steps.reserveCapacity(length)
    values.reserveCapacity(length)
    var places = [Int](repeating: 0, count: courses.count)
    var found: [Double] = []
    while true {
      var step = Int.max
      for (course, place) in zip(courses, places) where place < course.steps.count {
        step = min(step, course.steps[place])
      }
      guard step < .max else { break }
      found.removeAll(keepingCapacity: true)
      for position in courses.indices {
        let place = places[position]
        guard place < courses[position].steps.count, courses[position].steps[place] == step else { continue }
        places[position] += 1
        let value = courses[position].values[place]
        if value.isFinite { found.append(value) } else { lostCount += 1 }
      }
      guard !found.isEmpty else { continue }
      counts = min(counts?.lowerBound ?? .max, found.count)...max(counts?.upperBound ?? 0, found.count)
      append(step, found, courses.count > 1 ? spread : .none)
    }
    guard smoothedSteps > 1 else { return }
    values = Curve.smoothed(values, over: smoothedSteps)
    lower = Curve.smoothed(lower, over: smoothedSteps)
    upper = Curve.smoothed(upper, over: smoothedSteps)
  }

  private mutating func append(_ step: Int, _ found: [Double], _ spread: ChartRequest.Spread) {
    steps.append(Double(step))
    guard found.count > 1, spread != .none else {
      values.append(found.count == 1 ? found[0] : Statistics.mean(of: found))
      if spread != .none {
        lower.append(found[0])
        upper.append(found[0])
      }
      return
    }
    if spread == .quartiles {
      let sorted = found.sorted()
      values.append(Statistics.quantile(ofSorted: sorted, at: 0.5))
      lower.append(Statistics.quantile(ofSorted: sorted, at: 0.25))
      upper.append(Statistics.quantile(ofSorted: sorted, at: 0.75))
      return
    }
    let mean = Statistics.mean(of: found)
    values.append(mean)
    var reach = (found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(found.count - 1)).squareRoot()
    if spread == .interval {
      let freedom = Double(found.count - 1)
      reach *= StudentDistribution.upperQuantile(0.025, degreesOfFreedom: freedom) / Double(found.count).squareRoot()
    }
    lower.append(mean - reach)
    upper.append(mean + reach)
  }

  /// Returns the mean of each value and its neighbours; at the ends there are fewer of them.
  ///
  /// - Parameters:
  ///   - values: Finite values.
  ///   - width: How many values are averaged, at least 1; of an even number one more comes after than before.
  /// - Returns: As many values.
  static func smoothed(_ values: [Double], over width: Int) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { position in
      let start = max(0, position - (width - 1) / 2)
      let end = min(values.count, position + width / 2 + 1)
      return (sums[end] - sums[start]) / Double(end - start)
    }
  }

  /// The place of the least and of the greatest value; `nil` without values.
  var extremes: (least: Int, greatest: Int)? {
    guard var least = values.indices.first else { return nil }
    var greatest = least
    for position in values.indices {
      if values[position] < values[least] { least = position }
      if values[position] > values[greatest] { greatest = position }
    }
    return (least, greatest)
  }

  /// Both ends and the extremes in words.
  var summaryText: String {
    guard let extremes, let last = values.indices.last else { return "no values" }
    func point(_ position: Int) -> String {
      "\(NumberFormat.significant(values[position], 4)) at \(NumberFormat.trimmed(steps[position], 0))"
    }
    return "from \(point(0)) to \(point(last)), least \(point(extremes.least)), greatest \(point(extremes.greatest)), "
      + "\(attempts.count) \(attempts.count == 1 ? "attempt" : "attempts")"
  }
}

extension ResultsIndex {
  /// Returns the values of a metric by step, for each attempt over the trials that reported any.
  ///
  /// Warm-ups are left out; of values for the same step the last one counts, as a resumed training reports it again.
  func courses(_ source: MetricSource, for trials: [TrialResults]) -> [Course] {
    jobs(of: source.stage, for: trials).compactMap { job in
      guard job.state.hasResult, let attempt = job.attempt else { return nil }
      var course = Course(attempt: attempt.id, steps: [], values: [])
      var isAscending = true
      for sample in attempt.samples where !sample.isWarmup && sample.metric == source.metric {
        if let last = course.steps.last, last >= sample.repetition { isAscending = false }
        course.steps.append(sample.repetition)
        course.values.append(sample.value * source.scale)
      }
      if !isAscending { course.sort() }
      return course.steps.isEmpty ? nil : course
    }
  }
}

extension Course {
  /// Puts steps in order and keeps the last value of each.
  fileprivate mutating func sort() {
    let order = steps.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    var sorted = Course(attempt: attempt, steps: [], values: [])
    for position in order {
      if sorted.steps.last == steps[position] {
        sorted.values[sorted.values.count - 1] = values[position]
      } else {
        sorted.steps.append(steps[position])
        sorted.values.append(values[position])
      }
    }
    self = sorted
  }
}
