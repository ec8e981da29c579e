import AttemptModel
import JobGraph
import WorkerProtocol

/// What the end of a worker's task means for its attempt, in words.
enum TaskOutcome {
  static func outcome(
    of end: WorkerSession.TaskEnd, attempt: AttemptRequest, worker: String, period: AttemptPeriod
  ) -> AttemptOutcome {
    func failed(_ kind: ExitKind, _ reason: String) -> AttemptOutcome {
      AttemptOutcome(kind, message: FailureReport.message(for: attempt, reason: reason), period: period)
    }
    switch end {
    case .result(let measurements):
      switch ResultCheck.accept(measurements, from: attempt.place.outputDirectory) {
      case .success(let resolved): return AttemptOutcome(.succeeded, period: period, measurements: resolved)
      case .failure(let rejection): return failed(.failed, "worker '\(worker)' is wrong: \(rejection.reason)")
      }
    case .failure(let failure):
      let message = FailureReport.message(for: attempt, reason: failure.message)
      return AttemptOutcome(failedBy: failure.kind.fault, message: message, period: period)
    case .timedOut(let killed):
      let limit = ProcessFailure.text(attempt.job.timeLimitSeconds ?? 0)
      let needed = killed ? "; worker '\(worker)' did not answer the cancellation and was killed" : ""
      return failed(.timedOut, "the task exceeded its time limit of \(limit)\(needed)")
    case .cancelled: return failed(.cancelled, "the task was ended by the interruption of the run")
    case .broken(let reason): return failed(.failed, "worker '\(worker)' broke the protocol: \(reason)")
    case .died(let end):
      let explained = ProcessFailure.explain(
        end, subject: "worker '\(worker)'", limit: nil, memoryLimit: attempt.job.limits.memoryBytes)
      var outcome = failed(
        explained?.kind ?? .failed, explained?.reason ?? "worker '\(worker)' ended in the middle of the task")
      if case .exited(let code) = end.kind { outcome.exitCode = code }
      if case .signalled(let number) = end.kind { outcome.signal = number }
      return outcome
    }
  }
}
