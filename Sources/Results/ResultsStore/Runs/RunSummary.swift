public import AttemptModel
public import JSON

/// One invocation of `orchestrate run`.
public struct RunSummary: Sendable {
  /// Row id.
  public var id: Int64
  /// How far it has come.
  public var state: RunState
  /// ISO 8601 UTC.
  public var startedAt: String
  /// Commit of the project, or "unknown".
  public var commit: String
  /// Whether the work tree differed from the commit.
  public var isDirty: Bool
  /// The machine's facts, an object: cpuModel, cores, memoryBytes, kernel, virtualized, fingerprint.
  public var machine: JSONValue
  /// Name of the experiment; empty if unknown.
  public var experiment: String
  /// Hex digest of the frozen plan; empty if unknown.
  public var planHash: String
  /// ISO 8601 UTC of the end; nil while running and for an interrupted run.
  public var endedAt: String?
  /// Version of the orchestrator; empty if unknown.
  public var toolVersion: String
  /// How many jobs are in each state; only states that occur.
  public var jobCounts: [JobState: Int]

  /// Makes the summary of one run.
  public init(
    id: Int64, state: RunState, startedAt: String, commit: String, isDirty: Bool, machine: JSONValue,
    experiment: String = "", planHash: String = "", endedAt: String? = nil, toolVersion: String = "",
    jobCounts: [JobState: Int] = [:]
  ) {
    self.id = id
    self.state = state
    self.startedAt = startedAt
    self.commit = commit
    self.isDirty = isDirty
    self.machine = machine
    self.experiment = experiment
    self.planHash = planHash
    self.endedAt = endedAt
    self.toolVersion = toolVersion
    self.jobCounts = jobCounts
  }
}
