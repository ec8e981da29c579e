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
  /// Knows which jobs become ready when one is done.
  let readiness: Readiness
  /// Knows which earlier attempts may stand for jobs.
  let reuse: RunReuse

  func recall(_ job: Job) async throws -> [String: String]? {
    guard let earlier = reuse.recall(job) else { return nil }
    var changes = [
      JobStateChange(job: job.index, state: .reused, attempt: earlier.attempt, reason: "same fingerprint and inputs")
    ]
    changes += readiness.jobsReady(after: job.index).map { JobStateChange(job: $0, state: .ready) }
    try store.record(changes, run: run)
    return earlier.paths
  }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    let lease: AttemptLease
    do throws(StoreError) {
      lease = try store.leaseAttempt(
        run: run, job: job.index, number: attemptNumber, fingerprint: job.fingerprint.digest, seed: job.seed,
        toolVersion: toolVersion(of: job))
    } catch {
      throw RecordingStopped("\(error)")
    }
    // The scheduler hands the attempt to its executor at once.
    store.noteRunning(attempt: lease.id)
    return AttemptPlace(
      id: lease.id, outputDirectory: lease.outputDirectory, stdoutPath: lease.standardOutputPath,
      stderrPath: lease.standardErrorPath, scratchDirectory: lease.scratchDirectory)
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
      case .machine, .store: throw RecordingStopped("\(error)")
      }
    }
    if outcome.exitKind == .succeeded {
      reuse.note(published, of: job.index)
      store.noteReady(readiness.jobsReady(after: job.index), after: place.id, run: run)
    }
    // The next attempts would fail for the same reason.
    if outcome.exitKind == .failed, store.isDiskFull { throw RecordingStopped("\(store.diskFull)") }
    return published.mapValues(\.path)
  }

  private func report(of outcome: AttemptOutcome) -> AttemptReport {
    let measured = outcome.measurements
    let metrics = measured.metrics.map { SampleResult(metric: $0.name, unit: $0.unit, value: $0.value) }
    let samples = measured.samples.map {
      SampleResult(
        metric: $0.metric, unit: $0.unit, repetition: $0.repetition, isWarmup: $0.isWarmup, block: $0.block,
        position: $0.position, value: $0.value)
    }
    let usage = outcome.resourceUsage.map {
      StoredResourceUsage(
        userSeconds: $0.userSeconds, systemSeconds: $0.systemSeconds,
        maximumResidentBytes: Int64($0.maximumResidentKiB) << 10, minorPageFaults: Int64($0.minorFaults),
        majorPageFaults: Int64($0.majorFaults))
    }
    let period = outcome.period
    var report = AttemptReport(
      exitKind: exitKind(of: outcome), message: outcome.message, samples: metrics + samples,
      files: measured.artifacts.map { ProducedFile(name: $0.name, path: $0.path, mediaType: $0.mediaType) },
      start: TimePoint(
        utcNanoseconds: period.startUnixNanoseconds, monotonicNanoseconds: period.startMonotonicNanoseconds),
      end: TimePoint(utcNanoseconds: period.endUnixNanoseconds, monotonicNanoseconds: period.endMonotonicNanoseconds),
      usage: usage, worker: outcome.worker.map { WorkerWarmth(request: $0.request, ageSeconds: $0.ageSeconds) })
    report.conditions = outcome.conditions.map(Self.stored)
    report.trace = outcome.trace
    report.exitCode = outcome.exitCode
    report.signal = outcome.signal
    report.warnings = outcome.warnings
    return report
  }

  private static func stored(_ conditions: Scheduling.TimingConditions) -> StoredTimingConditions {
    StoredTimingConditions(
      loadLimit: conditions.rule.load, waitLimitSeconds: conditions.rule.waitSeconds,
      waitedSeconds: conditions.waitedSeconds, loadBefore: conditions.loadBefore, loadDuring: conditions.loadDuring,
      frequencyStart: conditions.frequency.start, frequencyEnd: conditions.frequency.end,
      temperatureStart: conditions.temperature.start, temperatureEnd: conditions.temperature.end,
      isQuiet: conditions.isQuiet)
  }

  private func exitKind(of outcome: AttemptOutcome) -> ExitKind {
    switch outcome.exitKind {
    case .succeeded: .succeeded
    case .failed: .failed
    case .timedOut: .timedOut
    case .signalled: .signalled
    case .memory: .memory
    case .cancelled: .cancelled
    case .lost: .lost
    }
  }

  private func toolVersion(of job: Job) -> String {
    switch job.action {
    case .task(let worker, let name): "\(worker)/\(name) \(versions[worker, name] ?? "unknown")"
    case .command(let arguments, _): arguments.first ?? ""
    }
  }
}

extension StoreError {
  /// Whose failure it is when the end of an attempt is recorded: of what the attempt brought, or of what would keep it.
  fileprivate var fault: Fault { code == .artifact || code == .inconsistent ? .job : .store }
}
