public import Digest
public import JSON

/// What the store keeps of a frozen plan.
public struct PlanRecord: Sendable {
  /// Name of the experiment.
  public var experiment: String
  /// The resolved spec as canonical JSON, its report section included.
  public var canonicalSpec: String
  /// Digest of the plan; two plans with the same one are the same.
  public var hash: SHA256Digest
  /// The plan as canonical JSON, from which a run can be resumed.
  public var canonicalPlan: String
  /// All trials in plan order.
  public var trials: [TrialRecord]
  /// All jobs in plan order.
  public var jobs: [JobRecord]

  /// Makes a plan's record.
  public init(
    experiment: String, canonicalSpec: String, hash: SHA256Digest, canonicalPlan: String, trials: [TrialRecord],
    jobs: [JobRecord]
  ) {
    self.experiment = experiment
    self.canonicalSpec = canonicalSpec
    self.hash = hash
    self.canonicalPlan = canonicalPlan
    self.trials = trials
    self.jobs = jobs
  }
}

/// One assignment of all axes.
public struct TrialRecord: Sendable {
  /// Axis values in axis order, the same axes in all trials.
  public var assignment: [(name: String, value: JSONValue)]

  /// Makes a trial's record.
  public init(assignment: [(name: String, value: JSONValue)]) {
    self.assignment = assignment
  }

  /// The assignment as a canonical object, whatever the order of the axes.
  static func key(of assignment: [(name: String, value: JSONValue)]) -> String {
    CanonicalJSON.text(of: .object(assignment.map { (key: $0.name, value: $0.value) }))
  }
}

/// One job of a plan.
public struct JobRecord: Sendable {
  /// The stage's name.
  public var stage: String
  /// The job's identity.
  public var fingerprint: SHA256Digest
  /// What the identity is made of.
  public var parts: [(name: String, digest: SHA256Digest)]
  /// Whether the job has the machine to itself.
  public var isTimed: Bool
  /// Resolved parameters, an object.
  public var parameters: JSONValue
  /// Positions of the trials it serves.
  public var trials: [Int]
  /// Positions of the jobs that must have a result first.
  public var needs: [Int]

  /// Makes a job's record.
  public init(
    stage: String, fingerprint: SHA256Digest, parts: [(name: String, digest: SHA256Digest)], isTimed: Bool,
    parameters: JSONValue, trials: [Int], needs: [Int] = []
  ) {
    self.stage = stage
    self.fingerprint = fingerprint
    self.parts = parts
    self.isTimed = isTimed
    self.parameters = parameters
    self.trials = trials
    self.needs = needs
  }
}
