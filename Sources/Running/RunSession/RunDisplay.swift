package import AttemptModel
package import Digest
package import ExperimentSpec
package import JobGraph
package import Scheduling

/// Shows people what a session does.
///
/// Calls come from any thread; each must return quickly.
package protocol RunDisplay: Sendable {
  /// Something has happened.
  func show(_ event: RunEvent)
}

/// What happens in a session, in this order.
package enum RunEvent: Sendable {
  /// A spec, or a selection, can be used and gives cause for remarks.
  case remarks([Diagnostic])
  /// A round of a calibration begins, the first is 1; `slowdown` is absent where something is timed against itself.
  case round(Int, of: Int, slowdown: Double?)
  /// A stored artifact is not what it was; the job that made it runs again.
  case damaged(DamagedArtifact)
  /// What jobs read cannot be observed, because this library is missing.
  case unobserved(library: String)
  /// The run is in the database; jobs start now.
  case began(RunBeginning)
  /// A job, or the run as a whole, has come a step further.
  case step(ScheduleEvent)
  /// Nothing runs any more; the end of the run is being recorded.
  case stopped
  /// The end of the run is recorded.
  case ended(RunEnding)
}

/// A run before its first job starts.
package struct RunBeginning: Sendable {
  /// Row id of the run.
  package var run: Int64
  /// What is run.
  package var plan: Plan
  /// Why each job runs, or why not, in plan order.
  package var statuses: [PlanStatus]
  /// Jobs that need not run: they have a result or are left out.
  package var satisfied: Set<Int>
  /// Jobs without a result that are not selected.
  package var leftOut: Set<Int>
  /// How long each job takes by earlier runs, seconds, in plan order; `nil` if nothing is known of any.
  package var expectedSeconds: [Double]?
}

/// What became of a run.
package struct RunEnding: Sendable {
  /// Row id of the run.
  package var run: Int64
  /// Name of the experiment.
  package var experiment: String
  /// Hash of the plan.
  package var plan: SHA256Digest
  /// How it ended.
  package var end: RunEnd
  /// What became of each job.
  package var result: ScheduleResult
  /// Results that were reused and no longer hold.
  package var overtaken: [OvertakenResult]
  /// How many jobs have no result and were not selected.
  package var leftOutCount: Int
  /// Time from the start of the first job to the end of the last.
  package var elapsed: Duration
}
