import AttemptModel
public import ResultsStore
import Statistics

/// What a night shows, beside the nights before it on the same machine and beside the levels that people accepted.
///
///     let review = try NightReview(of: "nightly", in: store)
///     for cell in review.cells where cell.isRegression { print(cell.address, cell.verdictText) }
///     exit(review.exitCode)
public struct NightReview: Sendable {
  /// What counts as a change, and how rarely one may be seen where there is none.
  public struct Policy: Sendable, Hashable {
    /// Accepted chance of an unusual value on a night without change, and of a lasting change in series without one; for all cells
    /// together.
    public var risk: Double
    /// Smallest relative change that counts.
    public var leastChange: Double

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - risk: Accepted chance of a false alarm for all cells together, in (0, 1).
    ///   - leastChange: Smallest relative change that counts, not below 0.
    public init(risk: Double = 0.01, leastChange: Double = 0.005) {
      self.risk = risk
      self.leastChange = leastChange
    }
  }

  /// The experiment.
  public let experiment: String
  /// Hex fingerprint of the machine; empty if there is no night.
  public let machine: String
  /// What counted as a change.
  public let policy: Policy
  /// The nights, the first one first.
  public let nights: [Night]
  /// The quantities, in the order of the latest plan.
  public let cells: [NightCell]
  /// Nights on other machines, which are not compared, by hex fingerprint.
  public let otherMachines: [String: Int]
  /// What this machine can tell apart, as far as it was measured.
  public let calibrations: [CalibrationRecord]

  /// Reviews the latest night of an experiment.
  ///
  /// - Parameters:
  ///   - experiment: Name of the experiment.
  ///   - store: The database.
  ///   - machine: Hex fingerprint of the machine; nil for that of the latest night.
  ///   - policy: What counts as a change.
  /// - Throws: `StoreError` if the database cannot be read.
  public init(
    of experiment: String, in store: ResultsStore, machine: String? = nil, policy: Policy = Policy()
  ) throws(StoreError) {
    let series = try store.series(of: experiment, machine: machine) { AttemptDigest($0) }
    let baselines = try store.baselines(experiment: experiment, machine: series.machine)
    let calibrations = try store.calibrations(machine: series.machine)
    let others = try store.endedRuns(of: experiment).filter { $0.key != series.machine }
    self.init(
      experiment: experiment, machine: series.machine, runs: series.runs, baselines: baselines,
      calibrations: calibrations, otherMachines: others, policy: policy)
  }

  package init(
    experiment: String, machine: String, runs: [SeriesRun<AttemptDigest>], baselines: [BaselineRecord] = [],
    calibrations: [CalibrationRecord] = [], otherMachines: [String: Int] = [:], policy: Policy = Policy()
  ) {
    self.experiment = experiment
    self.machine = machine
    self.policy = policy
    self.otherMachines = otherMachines
    let own = Calibration.experiment(of: experiment)
    self.calibrations = calibrations.filter { $0.experiment == own || $0.experiment == experiment }
    let rule = ComparisonRule(significance: policy.risk, leastChange: policy.leastChange)
    let nights = runs.map { Night($0, rule: rule) }
    self.nights = nights
    var collected = CellCollection(runs: runs, isBlind: nights.map(\.isBlind))
    for baseline in baselines { collected.attach(baseline) }
    cells = CellJudgement(policy: policy, runs: runs.map(\.id)).judged(collected.cells)
  }

  /// The latest night; nil if there is none.
  public var tonight: Night? { nights.last }

  /// 0 if all is steady or better; 1 if something regressed; 3 if the night is blind or something is undecided or stale.
  public var exitCode: Int32 {
    guard let tonight, !tonight.isBlind, !cells.isEmpty else { return 3 }
    if cells.contains(where: \.isRegression) { return 1 }
    return cells.contains(where: \.isOpen) ? 3 : 0
  }
}

/// Collects the values of every quantity, night by night.
private struct CellCollection {
  var cells: [NightCell] = []

  init(runs: [SeriesRun<AttemptDigest>], isBlind: [Bool]) {
    struct Values {
      var values: [Double] = []
      var unit = ""
      var better: NightCell.Better?
      var staleReason: String?
      var isReused = false
    }
    var positions: [String: Int] = [:]
    // The latest night first, so that cells come in the order of its plan.
    for (night, run) in runs.enumerated().reversed() {
      var tonight: [String: Values] = [:]
      var order: [String] = []
      for job in run.jobs where StageControl(stage: job.stage, in: run.spec) == nil {
        for quantity in job.value?.quantities ?? [] {
          let address = CellAddress.text(job, quantity.metric, in: run.spec)
          if tonight[address] == nil { order.append(address) }
          tonight[address, default: Values()].unit = quantity.unit
          tonight[address]?.better = NightCell.Better(metric: quantity.metric, in: run.spec)
          if job.isOwn { tonight[address]?.values.append(quantity.median) } else { tonight[address]?.isReused = true }
          if let reason = job.invalidReason { tonight[address]?.staleReason = reason }
        }
      }
      for address in order {
        guard let values = tonight[address] else { continue }
        if positions[address] == nil {
          positions[address] = cells.count
          let verdict: NightCell.Verdict =
            night == runs.count - 1
            ? (values.values.isEmpty ? .reused : .steady) : .undecided("the latest night did not measure it")
          cells.append(
            NightCell(address: address, unit: values.unit, better: values.better, points: [], verdict: verdict))
        }
        guard let position = positions[address], !values.values.isEmpty else { continue }
        let point = NightCell.Point(
          night: night, value: median(of: values.values), isBlind: isBlind[night], staleReason: values.staleReason)
        cells[position].points.insert(point, at: 0)
        if night == runs.count - 1 { cells[position].latest = point }
      }
    }
    if let last = runs.last { markFailures(in: last) }
  }

  /// A quantity without a value tonight whose stage has a failed job.
  private mutating func markFailures(in run: SeriesRun<AttemptDigest>) {
    let failed = Set(run.jobs.filter { $0.state == .failed }.map(\.stage))
    for position in cells.indices where cells[position].latest == nil {
      let stage = cells[position].address.prefix { $0 != ":" }
      if failed.contains(String(stage)) { cells[position].verdict = .failed }
    }
  }

  mutating func attach(_ baseline: BaselineRecord) {
    guard let position = cells.firstIndex(where: { $0.address == baseline.cell }) else { return }
    cells[position].baseline = baseline
  }
}
