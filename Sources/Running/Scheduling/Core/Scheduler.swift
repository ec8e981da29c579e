import AttemptModel
import Foundation
import Glibc
public import JobGraph
import WorkerProtocol

/// Runs a plan: feeds an operation queue with ready jobs only, hands attempts to an executor and books them.
///
///     let scheduler = try Scheduler(plan: plan, executor: executor, recording: book, options: .init(projectRoot: "/project"))
///     interruption.onRaise { level in Task { await scheduler.interrupt(level) } }
///     let result = await scheduler.run()
public actor Scheduler {
  /// Choices of one run.
  public struct Options: Sendable {
    /// Absolute path that file inputs and programs are relative to.
    public var projectRoot: String
    /// What a failure means for the jobs that have not started.
    public var failurePolicy: FailurePolicy
    /// When a failed attempt is followed by another one.
    public var retryPolicy: RetryPolicy
    /// Most jobs at once, whatever the pools allow.
    public var maximumRunning: Int
    /// Expected duration of each job in seconds, for critical paths; one second each if absent.
    public var expectedSeconds: [Double]?
    /// Shares processors with builds inside commands, or with a parent.
    public var jobserver: Jobserver?
    /// Makes timed jobs wait for a quiet machine; they start at once if absent.
    public var admission: TimedAdmission?
    /// From which pauses between attempts are counted.
    package var clock: any RunClock = ElapsedTime()

    /// Creates options.
    ///
    /// - Parameters:
    ///   - projectRoot: Absolute path that file inputs and programs are relative to.
    ///   - failurePolicy: What a failure means for the jobs that have not started.
    ///   - retryPolicy: When a failed attempt is followed by another one.
    ///   - maximumRunning: Most jobs at once.
    ///   - expectedSeconds: Expected duration of each job.
    ///   - jobserver: Shares processors with builds inside commands, or with a parent.
    ///   - admission: Makes timed jobs wait for a quiet machine.
    public init(
      projectRoot: String, failurePolicy: FailurePolicy = .keepGoing, retryPolicy: RetryPolicy = RetryPolicy(),
      maximumRunning: Int = 256, expectedSeconds: [Double]? = nil, jobserver: Jobserver? = nil,
      admission: TimedAdmission? = nil
    ) {
      self.projectRoot = projectRoot
      self.failurePolicy = failurePolicy
      self.retryPolicy = retryPolicy
      self.maximumRunning = maximumRunning
      self.expectedSeconds = expectedSeconds
      self.jobserver = jobserver
      self.admission = admission
    }
  }

  private let plan: Plan
  private let executor: any JobExecutor
  private let recording: any AttemptRecording
  private let observer: any RunObserver
  private let options: Options
  private let queue = OperationQueue()
  private var core: SchedulerCore
  private var indices: IndexedTokens
  /// The named tokens of each running job.
  private var taken: [Int: [String: [String]]] = [:]
  /// Paths of published artifacts by job and name.
  private var published: [Int: [String: String]]
  /// Ids of the attempts that the executor has.
  private var executing: Set<String> = []
  private var level: Interruption.Level?
  private var failure: RecordingStopped?
  private var wake: (due: Duration, task: Task<Void, Never>)?
  private var onFinish: CheckedContinuation<Void, Never>?
  private var admission: TimedAdmission?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - plan: The frozen plan.
  ///   - executor: Runs attempts; shut down at the end of the run.
  ///   - recording: Keeps the book of attempts.
  ///   - observer: Watches.
  ///   - options: Choices of the run.
  ///   - satisfied: Jobs that an earlier run has done, with the absolute paths of their artifacts by name.
  /// - Throws: `SchedulingError` for a demand that no empty machine meets, an undefined worker, or a malformed graph.
  public init(
    plan: Plan, executor: any JobExecutor, recording: any AttemptRecording,
    observer: any RunObserver = SilentObserver(), options: Options, satisfied: [Int: [String: String]] = [:]
  ) throws(SchedulingError) {
    self.init(
      try Schedule(plan, options: options, satisfied: satisfied), executor: executor, recording: recording,
      observer: observer)
  }

  /// Prepares a run of a plan that has been checked.
  ///
  /// - Parameters:
  ///   - schedule: The plan, and the choices of the run.
  ///   - executor: Runs attempts; shut down at the end of the run.
  ///   - recording: Keeps the book of attempts.
  ///   - observer: Watches.
  public init(
    _ schedule: Schedule, executor: any JobExecutor, recording: any AttemptRecording,
    observer: any RunObserver = SilentObserver()
  ) {
    plan = schedule.plan
    self.executor = executor
    self.recording = recording
    self.observer = observer
    options = schedule.options
    admission = options.admission
    published = schedule.satisfied
    indices = IndexedTokens(plan.poolIndices)
    core = schedule.core
    // The core decides how many run; the queue must not hold any back.
    queue.maxConcurrentOperationCount = max(options.maximumRunning, 1)
  }

  /// Runs until nothing runs and nothing can start, then shuts the executor down.
  ///
  /// Call it once.
  ///
  /// - Returns: What became of every job.
  public func run() async -> ScheduleResult {
    perform(decide(.tick))
    let watch = Task { await self.watchRecording() }
    if !core.hasFinished {
      await withCheckedContinuation { onFinish = $0 }
    }
    watch.cancel()
    wake?.task.cancel()
    await executor.shutDown()
    options.jobserver?.close()
    return ScheduleResult(states: core.states, interruption: level, failure: failure)
  }

  /// Ends the run early; a level that has been reached already is ignored.
  ///
  /// - Parameter level: How urgently.
  public func interrupt(_ level: Interruption.Level) {
    if let reached = self.level, reached >= level { return }
    self.level = level
    observer.observe(.interrupted(level))
    perform(decide(.drain))
    if level >= .terminate {
      for id in executing { executor.cancel(id, how: level == .kill ? .kill : .terminate) }
    }
    finishIfDone()
  }

  private var now: Duration { options.clock.now }

  private var isEnding: Bool { level != nil || failure != nil }

  /// Asks the core, which may use what the jobserver can give, and lends out again what it leaves.
  private func decide(_ event: SchedulerCore.Event) -> [SchedulerCore.Decision] {
    guard let jobserver = options.jobserver, let size = plan.resources[Self.sharedPool] else {
      return core.handle(event, at: now)
    }
    if case .finished = event, core.runningCount == 1 { jobserver.reclaim() }
    core.hold(jobserver.withdraw(atMost: size), of: Self.sharedPool)
    let decisions = core.handle(event, at: now)
    // A job that waits for own tokens keeps what comes back; of a parent's, nobody may hoard any.
    if !(jobserver.isOffered && core.waitsForLentTokens) {
      jobserver.release(keeping: core.used(of: Self.sharedPool))
    }
    return decisions
  }

  /// The pool whose tokens are processors.
  private static let sharedPool = "cpu"
  /// How often a job that waits for lent tokens looks for them.
  private static let lentTokenInterval = Duration.milliseconds(50)
  /// How often the book is looked at.
  private static let recordingInterval = Duration.seconds(5)
  /// Longest sleep: not every clock can add the longest pause that a job may declare.
  private static let longestSleep = Duration.seconds(3600)

  private func perform(_ decisions: [SchedulerCore.Decision]) {
    for decision in decisions {
      switch decision {
      case .start(let job, let attempt):
        taken[job] = indices.take(plan.jobs[job].resources)
        queue.addOperation(
          JobOperation { finish in
            Task.immediate {
              await self.runAttempt(attempt, of: job)
              finish()
            }
          })
      case .skip(let job, let because):
        observer.observe(.skipped(plan.jobs[job], because: plan.jobs[because]))
      case .delay, .fail: break
      }
    }
    scheduleWake()
  }

  private func scheduleWake() {
    let poll = core.waitsForLentTokens ? now + Self.lentTokenInterval : nil
    guard let next = [core.nextWake, poll].compactMap(\.self).min() else { return }
    let due = min(next, now + Self.longestSleep)
    if let wake, wake.due <= due { return }
    wake?.task.cancel()
    wake = (
      due,
      Task { [clock = options.clock] in
        guard (try? await clock.sleep(until: due)) != nil else { return }
        self.wakeUp()
      }
    )
  }

  private func wakeUp() {
    wake = nil
    perform(decide(.tick))
    finishIfDone()
  }

  private func finishIfDone() {
    guard core.hasFinished, let onFinish else { return }
    self.onFinish = nil
    onFinish.resume()
  }

  private func runAttempt(_ number: Int, of index: Int) async {
    let job = plan.jobs[index]
    let label = plan.label(ofJob: index)
    let period = AttemptPeriod()
    var outcome: AttemptOutcome
    var artifacts: [String: String] = [:]
    let conditions = await admit(job)
    if conditions != nil, isEnding {
      // It has not begun: nothing new starts.
      let message = "\(label) was cancelled before it started"
      return conclude(index, number: number, AttemptOutcome(.cancelled, message: message, period: period), [:])
    }
    do {
      if number == 1, let earlier = try await recording.recall(job) { return concludeReused(index, earlier) }
      let place = try await recording.began(job, attemptNumber: number)
      observer.observe(.started(job, attempt: number, label: label))
      outcome = await execute(job, number: number, label: label, at: place)
      if let conditions { note(conditions, in: &outcome) }
      // While it is being recorded another one can run; a measured one must not be disturbed by that.
      if outcome.exitKind == .succeeded, job.lane == .throughput { releaseEarly(tokensOf: index) }
      artifacts = try await record(&outcome, of: job, at: place, subject: "\(label), attempt \(number)")
    } catch {
      stop(because: error as? RecordingStopped ?? RecordingStopped("\(error)"))
      let message = "\(label), attempt \(number), is not recorded"
      outcome = AttemptOutcome(.cancelled, message: message, period: period.ended())
    }
    conclude(index, number: number, outcome, artifacts)
  }

  /// Books the end of an attempt; one whose products are refused is booked as failed.
  private func record(
    _ outcome: inout AttemptOutcome, of job: Job, at place: AttemptPlace, subject: String
  ) async throws -> [String: String] {
    do {
      return try await recording.finished(job, at: place, outcome: outcome)
    } catch let refusal as RecordingRefused where outcome.exitKind == .succeeded {
      outcome = outcome.refused(because: "\(subject): it ended well, but \(refusal)")
      return try await recording.finished(job, at: place, outcome: outcome)
    }
  }

  /// Starts nothing more; what runs may end unless nothing of it could be kept.
  private func stop(because failure: RecordingStopped) {
    guard self.failure == nil else { return }
    self.failure = failure
    observer.observe(.stopped(failure))
    perform(decide(.drain))
    if failure.endsRunningJobs {
      for id in executing { executor.cancel(id, how: .terminate) }
    }
    finishIfDone()
  }

  /// Looks now and then whether the book can still be kept.
  private func watchRecording() async {
    while failure == nil, (try? await Task.sleep(for: Self.recordingInterval)) != nil {
      do {
        try await recording.requireKept()
      } catch {
        stop(because: error as? RecordingStopped ?? RecordingStopped("\(error)"))
      }
    }
  }

  /// Waits until a timed job may start; `nil` for other jobs.
  private func admit(_ job: Job) async -> TimingConditions? {
    guard job.lane == .timed, var admission else { return nil }
    let conditions = await admission.admit(job.limits.quiet ?? .standard) { await !self.isEnding }
    self.admission = admission
    return conditions
  }

  private func note(_ conditions: TimingConditions, in outcome: inout AttemptOutcome) {
    let complete = admission?.completed(conditions, usage: outcome.resourceUsage) ?? conditions
    outcome.conditions = complete
    if complete.isQuiet == false { outcome.warnings.append(complete.warning) }
  }

  /// Runs on the actor up to the call of the executor, so that no interruption can come between its check and that call.
  private func execute(_ job: Job, number: Int, label: String, at place: AttemptPlace) async -> AttemptOutcome {
    let period = AttemptPeriod()
    if (level ?? .drain) >= .terminate || failure?.endsRunningJobs == true {
      return AttemptOutcome(.cancelled, message: "\(label) was cancelled before it started", period: period)
    }
    let request: AttemptRequest
    do throws(SchedulingError) {
      let inputs = try InputResolution.paths(
        for: job, projectRoot: options.projectRoot, published: published, stageOf: { plan.jobs[$0].stage })
      request = AttemptRequest(
        job: job, number: number, label: label, inputs: inputs, place: place, tokens: taken[job.index] ?? [:],
        environment: environment(of: job))
    } catch {
      return AttemptOutcome(
        failedBy: error.fault, message: "\(label), attempt \(number): \(error.message)", period: period.ended())
    }
    executing.insert(request.id)
    defer { executing.remove(request.id) }
    let outcome = await withCheckedContinuation { continuation in
      executor.start(request, onProgress: { [observer] in observer.observe(.progressed(job, $0)) }) {
        continuation.resume(returning: $0)
      }
    }
    // Without its result file and outputs, a failure would be the job's and a success empty.
    if outcome.exitKind != .cancelled, !place.folder.isEmpty, access(place.folder, F_OK) != 0 {
      return outcome.lost(
        because: "\(label), attempt \(number): its folder '\(place.folder)' was removed or moved while it ran")
    }
    return outcome
  }

  /// What the scheduler adds to a job's environment: its tokens, and for commands the way to the jobserver.
  private func environment(of job: Job) -> [String: String] {
    let variables = indices.variables(for: taken[job.index] ?? [:])
    guard case .command = job.action, let jobserver = options.jobserver else { return variables }
    return variables.merging(jobserver.variables) { own, _ in own }
  }

  private func releaseEarly(tokensOf index: Int) {
    indices.giveBack(taken.removeValue(forKey: index) ?? [:])
    perform(decide(.ended(job: index)))
  }

  private func concludeReused(_ index: Int, _ artifacts: [String: String]) {
    published[index] = artifacts
    indices.giveBack(taken.removeValue(forKey: index) ?? [:])
    let decisions = decide(.finished(job: index, .reused))
    recording.becameReady(core.released, after: plan.jobs[index])
    observer.observe(.reused(plan.jobs[index]))
    perform(decisions)
    finishIfDone()
  }

  private func conclude(_ index: Int, number: Int, _ outcome: AttemptOutcome, _ artifacts: [String: String]) {
    let ended = now
    if outcome.exitKind == .succeeded { published[index] = artifacts }
    indices.giveBack(taken.removeValue(forKey: index) ?? [:])
    let decisions = decide(.finished(job: index, outcome.verdict))
    recording.becameReady(core.released, after: plan.jobs[index])
    let delays = decisions.compactMap { decision -> Duration? in
      if case .delay(index, let until) = decision { return until - ended }
      return nil
    }
    observer.observe(.finished(plan.jobs[index], attempt: number, outcome, retryDelay: delays.first))
    perform(decisions)
    finishIfDone()
  }
}
