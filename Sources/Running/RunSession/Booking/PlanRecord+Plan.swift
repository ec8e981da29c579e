import AttemptModel
import JobGraph
import ResultsStore

extension PlanRecord {
  /// A frozen plan as the database keeps it.
  init(_ plan: Plan) {
    self.init(
      experiment: plan.experimentName, canonicalSpec: plan.canonicalSpec, hash: plan.hash,
      canonicalPlan: plan.canonicalJSON, trials: plan.trials.map { TrialRecord(assignment: $0.assignment) },
      jobs: plan.jobs.map {
        JobRecord(
          stage: $0.stage, fingerprint: $0.fingerprint.digest, parts: [], isTimed: $0.lane == .timed,
          parameters: $0.parameters, trials: $0.trials, needs: $0.needs)
      })
  }
}
