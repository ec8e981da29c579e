import AttemptModel
import InputTracing
import JobGraph
import ResultsStore
import Scheduling
import WorkerProtocol

/// Keeps the book of a run's attempts in the results database: planned - ready - leased - running - over.
struct RunBook: AttemptRecording {
  let store: ResultsStore
  /// Row id of the run.
  let run: Int64
  /// The versions that the workers declared.
  let versions: ToolVersions
  /// Knows which earlier attempts may stand for jobs.
  let reuse: RunReuse

  func recall(_ job: Job) async throws -> [String: String]? {
    guard let earlier = reuse.recall(job) else { return nil }
    let change = JobStateChange(
      job: job.index, state: .reused, attempt: earlier.attempt, reason: "same fingerprint and inputs")
    try store.record([change], run: run)
    return earlier.paths
  }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    do throws(StoreError) {
      let place = try store.leaseAttempt(
        run: run, job: job.index, number: attemptNumber, fingerprint: job.fingerprint.digest, seed: job.seed,
        toolVersion: toolVersion(of: job))
      // The scheduler hands the attempt to its executor at once.
      store.noteRunning(attempt: place.id)
      return place
    } catch {
      throw RecordingStopped(error)
    }
  }

  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] {
    let published: [String: ArtifactResult]
    do throws(StoreError) {
      var report = report(of: outcome)
      report.trace?.consumed = reuse.consumed(by: job)
      published = try await store.finishAttempt(place.id, with: report)
    } catch {
      switch error.fault {
      case .job, .input: throw RecordingRefused("\(error)")
      case .machine, .store: throw RecordingStopped(error)
      }
    }
    if outcome.exitKind == .succeeded { reuse.note(published, of: job.index, attempt: place.id) }
    // The next attempts would fail for the same reason.
    if outcome.exitKind == .failed, store.isDiskFull { throw RecordingStopped("\(store.diskFull)") }
    return published.mapValues(\.path)
  }

  func becameReady(_ jobs: [Int], after job: Job) {
    guard !jobs.isEmpty, let attempt = reuse.attempt(of: job.index) else { return }
    store.noteReady(jobs, after: attempt, run: run)
  }

  func requireKept() async throws {
    do throws(StoreError) { try store.requireInPlace() } catch { throw RecordingStopped(error) }
  }

  private func report(of outcome: AttemptOutcome) -> AttemptReport {
    let measured = outcome.measurements
    var report = AttemptReport(
      exitKind: outcome.exitKind, message: outcome.message, samples: measured.metrics.map(\.sample) + measured.samples,
      files: measured.artifacts, start: outcome.period.start, end: outcome.period.end, usage: outcome.resourceUsage,
      worker: outcome.worker)
    report.conditions = outcome.conditions
    report.trace = outcome.trace
    report.exitCode = outcome.exitCode
    report.signal = outcome.signal
    report.warnings = outcome.warnings
    return report
  }

  private func toolVersion(of job: Job) -> String {
    switch job.action {
    case .task(let worker, let name): "\(worker)/\(name) \(versions[worker, name] ?? "unknown")"
    case .command(let arguments, _): arguments.first ?? ""
    }
  }
}

extension RecordingStopped {
  /// Of a database that is no longer where it was, nothing more that jobs make can be kept.
  fileprivate init(_ error: StoreError) {
    self.init("\(error)", endsRunningJobs: error.code == .displaced)
  }
}

extension StoreError {
  /// Whose failure it is when the end of an attempt is recorded: of what the attempt brought, or of what would keep it.
  fileprivate var fault: Fault { code == .artifact || code == .inconsistent ? .job : .store }
}
