package import Digest
package import ExperimentSpec

/// Why there is no run: what was asked for cannot be done.
package enum SessionError: Error, Sendable {
  /// The spec, or what is to be selected of its plan, has mistakes; remarks may be among them.
  case mistakes([Diagnostic])
  /// Tasks, programs or files are no longer what they were when the plan was frozen; a clause for each.
  case stalePlan(hash: SHA256Digest, experiment: String, findings: [String])
  /// No stored plan has a hash that begins so.
  case unknownPlan(prefix: String)
  /// Several stored plans have a hash that begins so.
  case ambiguousPlan(prefix: String, count: Int)
  /// A run names a plan that is not stored.
  case missingPlan(hash: String)
  /// There is no run of an experiment.
  case neverRun(experiment: String)
  /// No stage of a spec is timed.
  case nothingTimed(spec: String)
  /// A spec has no timed stage of this name; those that it has.
  case unknownTimedStage(name: String, spec: String, known: [String])
  /// Stages were to be calibrated and reported no pairs of timings.
  case unpairedTimings(stages: [String])
}
