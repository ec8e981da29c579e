import AttemptModel
import Digest
public import InputTracing
public import JobGraph
import Synchronization
public import WorkerProtocol

/// Runs attempts with another executor, and follows what they depend on.
///
/// An attempt whose watched files are no longer what the plan was made of does not start; one during which they change fails. What its
/// processes are seen to read becomes part of the trace of its outcome. Timed attempts are not observed.
public final class WatchingExecutor: JobExecutor {
  private struct State {
    /// The job that wrote a file of the project last, by the file's name.
    var writers: [String: Int] = [:]
    /// Whether a job has run that may have written files unseen.
    var hasUnseen = false
    /// The attempts that run, by id.
    var open: [String: AttemptTracing.Open] = [:]
  }

  private let inner: any JobExecutor
  private let plan: Plan
  private let tracing: AttemptTracing
  private let observer: String?
  private let products: [Int: Set<String>]
  private let state = Mutex(State())

  /// Creates an executor for a run.
  ///
  /// - Parameters:
  ///   - inner: Runs the attempts.
  ///   - plan: What the jobs were known to depend on.
  ///   - tracing: Compares files.
  ///   - observer: The library that notes what processes read; commands are not observed without it.
  ///   - products: Names of files of the project that an earlier attempt of a job wrote itself, by the job's position; where nothing is
  ///     observed they are taken to be written again.
  public init(
    _ inner: any JobExecutor, plan: Plan, tracing: AttemptTracing, observer: String?, products: [Int: Set<String>] = [:]
  ) {
    self.products = products
    self.inner = inner
    self.plan = plan
    self.tracing = tracing
    self.observer = observer
  }

  /// Starts an attempt unless what it depends on has changed.
  public func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    let log = readLog(for: attempt.job)
    let gap = gap(for: attempt.job, log)
    let own = gap == nil ? [] : products[attempt.job.index] ?? []
    var expected = plan.watchLists[attempt.job.watched].filter { own.isEmpty || !own.contains($0.name) }
    let moved = tracing.changes(since: expected)
    let unexplained = moved.isEmpty ? [] : moved.filter(isUnexplained)
    guard unexplained.isEmpty else {
      let period = AttemptPeriod()
      let names = unexplained.prefix(3).map { "'\($0.label)'" }.joined(separator: ", ")
      let outcome = AttemptOutcome(
        failedBy: .input,
        message:
          "\(attempt.label), attempt \(attempt.number): \(names) changed after the plan was made; run again to plan anew",
        period: period.ended())
      return completion(outcome)
    }
    expected = tracing.renewed(expected, moved: moved)
    var request = attempt
    if let log {
      let variables = log.variables(besides: attempt.job.environment)
      request.job.environment.merge(variables) { $1 }
    }
    let open = tracing.open(expected, log: log, gap: gap, products: own)
    state.withLock { $0.open[attempt.id] = open }
    inner.start(request, onProgress: onProgress) { outcome in
      completion(self.concluded(outcome, of: attempt, open))
    }
  }

  /// The jobs of this run that wrote files of the project, by the files' names, and whether others may have written some unseen.
  public var writers: (jobs: [String: Int], hasUnseen: Bool) { state.withLock { ($0.writers, $0.hasUnseen) } }

  /// Cancels an attempt.
  public func cancel(_ id: String, how: CancellationManner) { inner.cancel(id, how: how) }

  /// Ends what the inner executor keeps.
  public func shutDown() async { await inner.shutDown() }

  private func readLog(for job: Job) -> ReadLog? {
    guard case .command = job.action, job.isObserved, job.lane == .throughput, let observer else { return nil }
    return ReadLog(observer: observer)
  }

  private func gap(for job: Job, _ log: ReadLog?) -> String? {
    guard case .command = job.action, log == nil else { return nil }
    if !job.isObserved { return ObservationGap.wish }
    return job.lane == .timed ? ObservationGap.timed : ObservationGap.missing
  }

  private func concluded(
    _ outcome: AttemptOutcome, of attempt: AttemptRequest, _ open: AttemptTracing.Open
  ) -> AttemptOutcome {
    var outcome = outcome
    var open = open
    defer { state.withLock { $0.open[attempt.id] = nil } }
    if case .task = attempt.job.action {
      open.log = outcome.readLog
      open.isShared = true
      if open.log == nil { open.gap = attempt.job.lane == .timed ? ObservationGap.timed : ObservationGap.worker }
    }
    outcome.readLog = nil
    let job = attempt.job.index
    guard outcome.exitKind == .succeeded else {
      note(written: tracing.written(open), by: job, isSeen: open.log != nil)
      return outcome
    }
    do throws(AttemptTracing.Change) {
      let result = try tracing.close(open, words: words(of: attempt))
      note(written: result.written, by: job, isSeen: result.gap == nil)
      outcome.warnings += undeclared(result, by: attempt.job)
      outcome.trace = InputTrace(inputs: result.inputs, base: result.base, gap: result.gap)
    } catch {
      note(written: tracing.written(open), by: job, isSeen: open.log != nil)
      // If the plan knows what has changed, the next attempt would find the same; another process of the worker does not.
      let isOfWorker = open.isShared && open.log != nil
      var failure = AttemptOutcome(
        failedBy: error.isOfPlan ? .input : isOfWorker ? .machine : .job,
        message: "\(attempt.label), attempt \(attempt.number): \(error)"
          + (isOfWorker && !error.isOfPlan ? ", or since its worker read it; another process takes its place" : ""),
        period: outcome.period)
      failure.resourceUsage = outcome.resourceUsage
      failure.worker = outcome.worker
      return failure
    }
    return outcome
  }

  private func words(of attempt: AttemptRequest) -> [String] {
    guard case .command(let arguments, _) = attempt.job.action, !attempt.job.startsInOutputDirectory else { return [] }
    return CommandWords(arguments).paths
  }

  private func note(written: Set<String>, by job: Int, isSeen: Bool) {
    state.withLock { state in
      for name in written { state.writers[name] = job }
      if !isSeen { state.hasUnseen = true }
    }
  }

  /// Whether no job of this run can have made a change, so that it came from outside.
  private func isUnexplained(_ entry: WatchedInput) -> Bool {
    let (isKnown, open) = state.withLock { state in
      (state.writers[entry.name] != nil || state.hasUnseen, Array(state.open.values))
    }
    if entry.kind == .input { return true }
    return !isKnown && open.allSatisfy { $0.log != nil && !tracing.written($0).contains(entry.name) }
  }

  /// What a job reads that another job of this run wrote without being needed by it.
  private func undeclared(_ result: AttemptTracing.Result, by job: Job) -> [String] {
    let writers = state.withLock { state in
      state.writers.filter { result.hasRead($0.key) }.sorted { $0.key < $1.key }
    }
    guard !writers.isEmpty else { return [] }
    let needs = needs(of: job)
    return writers.filter { $0.value != job.index && !needs.contains($0.value) }.map { name, writer in
      "\(job.stage) reads \(name), which \(plan.jobs[writer].stage) wrote: declare it as an input, or add the stage to 'needs'"
    }
  }

  private func needs(of job: Job) -> Set<Int> {
    var found: Set<Int> = []
    var open = job.needs
    while let next = open.popLast() {
      if found.insert(next).inserted { open += plan.jobs[next].needs }
    }
    return found
  }
}
