public import ResultsStore
import Statistics

/// Calibrations as they are learned from the runs of an experiment whose timed stages measure controls.
///
/// Every run is one comparison of each cell: the pairs of all its attempts together. All runs of the experiment on a machine count, so that
/// a calibration becomes sharper when it is continued.
public enum Calibration {
  /// The experiment in which the controls of another one are measured.
  ///
  /// - Parameter experiment: Name of an experiment.
  /// - Returns: "NAME-calibration".
  public static func experiment(of experiment: String) -> String { "\(experiment)-calibration" }

  /// Computes the calibrations of an experiment's latest machine.
  ///
  /// - Parameters:
  ///   - experiment: Name of the experiment in which controls are measured.
  ///   - store: The database.
  ///   - rule: How comparisons are judged.
  ///   - power: The chance with which the smallest slow-down is to be found.
  /// - Returns: A calibration for each cell that was compared with itself, in order of first use; not stored yet.
  /// - Throws: `StoreError` if the database cannot be read, `StatisticsError` for values that no comparison is possible of.
  public static func records(
    of experiment: String, in store: ResultsStore, rule: ComparisonRule = ComparisonRule(), power: Double = 0.8
  ) throws -> [CalibrationRecord] {
    let series = try store.series(of: experiment) { AttemptDigest($0) }
    var cells = ControlComparisons()
    for run in series.runs { cells.add(run) }
    return try cells.order.compactMap { cell in
      let identity = (cells.identity[cell] ?? []).filter { $0.logRatios.count >= 2 }
      guard !identity.isEmpty else { return nil }
      let share = cells.planted[cell]?.last?.share
      let planted = (cells.planted[cell] ?? []).filter { $0.share == share && !$0.logRatios.isEmpty }
      let estimate = try CalibrationEstimate(
        identity: identity.map(\.logRatios), planted: planted.map(\.logRatios), rule: rule, power: power)
      let interval = estimate.falseAlarmInterval
      return CalibrationRecord(
        experiment: experiment, cell: cell, run: max(identity.map(\.run).max() ?? 0, planted.map(\.run).max() ?? 0),
        significance: rule.significance, comparisons: estimate.comparisons, falseAlarms: estimate.falseAlarms,
        falseAlarmRange: interval.lower...interval.upper, pairs: estimate.pairs, noise: estimate.noise, power: power,
        detectable: estimate.detectable,
        detectableRange: estimate.detectableInterval.map { $0.lower...max($0.lower, $0.upper) },
        planted: planted.isEmpty ? nil : share, plantedComparisons: estimate.plantedComparisons,
        plantedFound: estimate.plantedFound)
    }
  }
}

/// The paired ratios of controls, run by run.
struct ControlComparisons {
  struct Comparison {
    var run: Int64
    /// The slow-down that was planted; nil for something against itself.
    var share: Double?
    var logRatios: [Double]
  }

  /// Cells in order of first use.
  var order: [String] = []
  var identity: [String: [Comparison]] = [:]
  var planted: [String: [Comparison]] = [:]

  /// Adds the comparisons of one run; attempts that were invalidated, or that another run made, do not count.
  mutating func add(_ run: SeriesRun<AttemptDigest>) {
    var found: [(cell: String, control: StageControl)] = []
    var logRatios: [String: [Double]] = [:]
    for job in run.jobs where job.isOwn && job.invalidReason == nil {
      guard let digest = job.value, let control = StageControl(stage: job.stage, in: run.spec) else { continue }
      for pairing in digest.pairings {
        let cell = CellAddress.text(job, "\(pairing.metric)/\(pairing.reference)", in: run.spec)
        if logRatios[cell] == nil { found.append((cell, control)) }
        logRatios[cell, default: []] += pairing.logRatios
      }
    }
    for (cell, control) in found {
      if identity[cell] == nil, planted[cell] == nil { order.append(cell) }
      let ratios = logRatios[cell] ?? []
      switch control {
      case .identity: identity[cell, default: []].append(.init(run: run.id, share: nil, logRatios: ratios))
      case .slowdown(let share): planted[cell, default: []].append(.init(run: run.id, share: share, logRatios: ratios))
      }
    }
  }
}
