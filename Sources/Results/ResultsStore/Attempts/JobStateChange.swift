public import AttemptModel

/// A job's new state in a run.
public struct JobStateChange: Sendable, Hashable {
  /// Position of the job in the plan.
  public var job: Int
  /// The new state.
  public var state: JobState
  /// The attempt that decided it; needed for `.reused` and `.done`, kept as it is if nil otherwise.
  public var attempt: Int64?
  /// Why, in a few words; may be empty.
  public var reason: String

  /// Makes a change.
  public init(job: Int, state: JobState, attempt: Int64? = nil, reason: String = "") {
    self.job = job
    self.state = state
    self.attempt = attempt
    self.reason = reason
  }
}
