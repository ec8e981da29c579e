public import AttemptModel
public import JSON

/// Everything a report needs of the latest run of one experiment.
public struct ExperimentResults: Sendable {
  /// The experiment's name.
  public var name: String
  /// The resolved spec as canonical JSON, its report section included.
  public var spec: JSONValue
  /// Hex digest of the frozen plan.
  public var planHash: String
  /// The run the results belong to.
  public var run: RunSummary
  /// All trials in plan order.
  public var trials: [TrialResults]
  /// All jobs in plan order.
  public var jobs: [JobResults]

  /// Makes the results of one experiment.
  public init(
    name: String, spec: JSONValue, planHash: String, run: RunSummary, trials: [TrialResults], jobs: [JobResults]
  ) {
    self.name = name
    self.spec = spec
    self.planHash = planHash
    self.run = run
    self.trials = trials
    self.jobs = jobs
  }
}

/// One assignment of all axes.
public struct TrialResults: Sendable {
  /// Position in the plan.
  public var index: Int
  /// Axis values in axis order.
  public var assignment: [(name: String, value: JSONValue)]

  /// Makes one trial.
  public init(index: Int, assignment: [(name: String, value: JSONValue)]) {
    self.index = index
    self.assignment = assignment
  }
}

/// One job and the attempt that satisfied it.
public struct JobResults: Sendable {
  /// Position in the plan.
  public var index: Int
  /// The stage's name.
  public var stage: String
  /// Indices of the trials it serves.
  public var trials: [Int]
  /// How far it has come.
  public var state: JobState
  /// Hex fingerprint.
  public var fingerprint: String
  /// The deciding attempt, if there was one.
  public var attempt: AttemptResults?
  /// Why the job has its state, for example which need failed; empty if there is nothing to say.
  public var reason: String

  /// Makes one job.
  public init(
    index: Int, stage: String, trials: [Int], state: JobState, fingerprint: String, attempt: AttemptResults?,
    reason: String = ""
  ) {
    self.index = index
    self.stage = stage
    self.trials = trials
    self.state = state
    self.fingerprint = fingerprint
    self.attempt = attempt
    self.reason = reason
  }
}
