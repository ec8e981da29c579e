import AttemptModel
internal import HeapModule
package import JobGraph

/// Which job runs next: events in, decisions out, without a clock, a disk or a process.
///
/// Throughput jobs share tokens and run side by side. A timed job runs alone: it starts when nothing else runs, and nothing starts beside
/// it. The lanes change as seldom as priorities allow: throughput work goes on until none is ready or running, then all ready timed jobs
/// run one after the other; only a strictly higher priority in the other lane changes sooner.
package struct SchedulerCore: Sendable {
  /// What the core is told.
  package enum Event: Sendable {
    /// Nothing of a throughput attempt runs any more, but it is still being recorded: others may have its tokens.
    case ended(job: Int)
    /// An attempt has ended and is recorded.
    case finished(job: Int, AttemptVerdict)
    /// Start nothing more.
    case drain
    /// Time has passed; a delayed job may be due.
    case tick
  }

  /// What the core wants done.
  package enum Decision: Sendable, Hashable {
    /// Start an attempt; 1 is a job's first.
    case start(job: Int, attempt: Int)
    /// The job will not run, because `because` failed.
    case skip(job: Int, because: Int)
    /// The job's next attempt starts no earlier than this.
    case delay(job: Int, until: Duration)
    /// The job has failed for good.
    case fail(job: Int)
  }

  /// What the run may use and how it bears failures.
  package struct Configuration: Sendable {
    package var pools: [String: Int]
    /// How many processes each worker has.
    package var workers: [String: Int]
    package var failurePolicy: FailurePolicy
    package var retryPolicy: RetryPolicy
    /// Most jobs at once, whatever the tokens allow.
    package var maximumRunning: Int

    package init(
      pools: [String: Int], workers: [String: Int] = [:], failurePolicy: FailurePolicy = .keepGoing,
      retryPolicy: RetryPolicy = RetryPolicy(), maximumRunning: Int = 256
    ) {
      self.pools = pools
      self.workers = workers
      self.failurePolicy = failurePolicy
      self.retryPolicy = retryPolicy
      self.maximumRunning = maximumRunning
    }
  }

  /// What a job takes of the pools; many jobs take the same.
  private struct Demand: Hashable {
    var resources: [String: Int]
    var worker: String?

    init(of job: Job) {
      resources = job.resources
      if case .task(let name, _) = job.action { worker = name }
    }

    var amounts: [TokenPool: Int] {
      var amounts = Dictionary(uniqueKeysWithValues: resources.map { (TokenPool.resource($0.key), $0.value) })
      if let worker { amounts[.worker(worker)] = 1 }
      return amounts
    }
  }

  private struct Delayed: Comparable, Sendable {
    var due: Duration
    var job: Int
    static func < (left: Delayed, right: Delayed) -> Bool { (left.due, left.job) < (right.due, right.job) }
  }

  private let dependencies: JobDependencies
  private let isTimed: [Bool]
  private let rank: [ReadyJob]
  private let bucket: [Int]
  private let retries: [Int]
  private let backoffs: [RetryBackoff?]
  private let configuration: Configuration
  private var openNeeds: [Int32]
  private var attempts: [Int]
  private var infrastructureFailures: [Int]
  private var tokens: ResourceTokens
  private var holdsTokens: [Bool]
  private var ready = ReadyQueue()
  private var timed = ExclusiveLane()
  private var delayed = Heap<Delayed>()
  private var failureCount = 0
  /// How many attempts run.
  package private(set) var runningCount = 0
  /// Whether nothing more is started.
  package private(set) var isDraining = false
  /// The state of every job.
  package private(set) var states: [ScheduleState]
  /// The jobs whose last need was settled by the latest event.
  package private(set) var released: [Int] = []

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - jobs: All jobs of a plan, in order.
  ///   - configuration: Pools and policies.
  ///   - satisfied: Jobs that need not run.
  ///   - expectedSeconds: Weight of each job on critical paths; one second each if absent.
  /// - Throws: `SchedulingError` for a demand that no empty machine meets, an unknown worker, and a need that does not come earlier.
  package init(
    jobs: [Job], configuration: Configuration, satisfied: Set<Int> = [], expectedSeconds: [Double]? = nil
  ) throws(SchedulingError) {
    for (index, job) in jobs.enumerated()
    where job.index != index || job.needs.contains(where: { $0 >= index || $0 < 0 }) {
      throw SchedulingError(
        .malformedPlan, "job \(index) of the plan does not follow the jobs that it needs; plan the run anew")
    }
    dependencies = JobDependencies(of: jobs)
    let durations = expectedSeconds ?? [Double](repeating: 1, count: jobs.count)
    let paths = dependencies.criticalPathLengths(durations: durations)
    rank = jobs.indices.map { ReadyJob(priority: jobs[$0].priority, criticalPath: paths[$0], index: $0) }
    tokens = ResourceTokens(pools: Self.pools(of: configuration))
    isTimed = jobs.map { $0.lane == .timed }
    retries = jobs.map(\.retries)
    backoffs = jobs.map(\.limits.backoff)
    var bucket: [Int] = []
    var bucketOfDemand: [Demand: Int] = [:]
    for job in jobs {
      let demand = Demand(of: job)
      if let known = bucketOfDemand[demand] {
        bucket.append(known)
        continue
      }
      if let worker = demand.worker, configuration.workers[worker] == nil {
        throw SchedulingError(
          .unknownWorker, "stage '\(job.stage)' wants worker '\(worker)', which the plan does not define")
      }
      switch tokens.demand(for: demand.amounts) {
      case .success(let demand): bucket.append(ready.bucket(for: demand))
      case .failure(let problem): throw Self.unsatisfiable(problem, job: job)
      }
      bucketOfDemand[demand] = bucket.last
    }
    self.bucket = bucket
    self.configuration = configuration
    holdsTokens = [Bool](repeating: false, count: jobs.count)
    attempts = [Int](repeating: 0, count: jobs.count)
    infrastructureFailures = attempts
    openNeeds = dependencies.needCounts
    states = [ScheduleState](repeating: .waiting, count: jobs.count)
    for job in satisfied where states.indices.contains(job) { states[job] = .reused }
    for job in jobs.indices where states[job] == .reused { releaseDependents(of: job) }
    for job in jobs.indices where states[job] == .waiting && openNeeds[job] == 0 { makeReady(job) }
    released = []
  }

  private static func pools(of configuration: Configuration) -> [TokenPool: Int] {
    var pools: [TokenPool: Int] = [:]
    for (name, size) in configuration.pools { pools[.resource(name)] = size }
    for (name, count) in configuration.workers { pools[.worker(name)] = count }
    return pools
  }

  /// When a `tick` is wanted, if a delayed job waits.
  package var nextWake: Duration? { isDraining ? nil : delayed.min?.due }

  /// Whether nothing runs and nothing will.
  package var hasFinished: Bool {
    runningCount == 0 && (isDraining || (delayed.isEmpty && ready.bestPriority == nil && timed.isEmpty))
  }

  /// Says how much of a pool may be used at present, because the rest is lent to processes that are no jobs.
  ///
  /// When nothing runs, one job starts whatever is lent, so that a run always goes on.
  package mutating func hold(_ amount: Int, of pool: String) { tokens.hold(amount, of: .resource(pool)) }

  /// How much of a pool the running jobs use.
  package func used(of pool: String) -> Int { tokens.used(of: .resource(pool)) }

  /// Whether a ready job waits for nothing but what is lent.
  package var waitsForLentTokens: Bool {
    guard tokens.isLent, !isDraining, !timed.isRunning, !timed.isNext(before: ready.bestPriority) else { return false }
    return runningCount < configuration.maximumRunning && ready.hasFitting(tokens.whenReturned)
  }

  /// The decisions with which the run begins.
  ///
  /// - Parameter now: Time since any fixed instant.
  /// - Returns: What to do, in order.
  package mutating func begin(at now: Duration) -> [Decision] {
    handle(.tick, at: now)
  }

  /// Takes in an event.
  ///
  /// - Parameters:
  ///   - event: What has happened.
  ///   - now: Time since the same instant as in `begin`.
  /// - Returns: What to do, in order.
  /// - Complexity: O(log jobs + resource signatures) for each job that changes its state.
  package mutating func handle(_ event: Event, at now: Duration) -> [Decision] {
    var decisions: [Decision] = []
    released = []
    switch event {
    case .ended(let job): giveBackTokens(of: job)
    case .finished(let job, let verdict): finish(job, verdict, at: now, &decisions)
    case .drain: isDraining = true
    case .tick: break
    }
    while let first = delayed.min, first.due <= now {
      delayed.removeMin()
      makeReady(first.job)
    }
    // Their last attempt failed, and there will be no other.
    while isDraining, let job = delayed.popMin()?.job { fail(job, &decisions) }
    startReady(&decisions)
    return decisions
  }

  private mutating func finish(_ job: Int, _ verdict: AttemptVerdict, at now: Duration, _ decisions: inout [Decision]) {
    precondition(states[job] == .running, "job \(job) ended in state \(states[job]), not running")
    runningCount -= 1
    if isTimed[job] { timed.finish() }
    giveBackTokens(of: job)
    switch verdict {
    case .succeeded:
      states[job] = .succeeded
      releaseDependents(of: job)
    case .reused:
      states[job] = .reused
      releaseDependents(of: job)
    case .cancelled: states[job] = .cancelled
    case .invalid: fail(job, &decisions)
    case .failed, .infrastructureFailed:
      if verdict == .infrastructureFailed { infrastructureFailures[job] += 1 }
      let isAllowed =
        verdict == .failed
        ? attempts[job] - infrastructureFailures[job] <= retries[job]
        : infrastructureFailures[job] <= max(configuration.retryPolicy.infrastructureRetries, retries[job])
      guard isAllowed, !isDraining else { return fail(job, &decisions) }
      states[job] = .delayed
      let due = now + configuration.retryPolicy.delay(beforeRetry: attempts[job], declared: backoffs[job])
      delayed.insert(Delayed(due: due, job: job))
      decisions.append(.delay(job: job, until: due))
    }
  }

  private mutating func giveBackTokens(of job: Int) {
    guard holdsTokens[job] else { return }
    holdsTokens[job] = false
    tokens.giveBack(ready.demand(ofBucket: bucket[job]))
  }

  private mutating func fail(_ job: Int, _ decisions: inout [Decision]) {
    states[job] = .failed
    failureCount += 1
    decisions.append(.fail(job: job))
    if !configuration.failurePolicy.allowsMore(afterFailures: failureCount) { isDraining = true }
    var stack = Array(dependencies.dependents(of: job).reversed())
    while let dependent = stack.popLast().map(Int.init) {
      guard states[dependent] == .waiting else { continue }
      states[dependent] = .skipped
      decisions.append(.skip(job: dependent, because: job))
      stack.append(contentsOf: dependencies.dependents(of: dependent).reversed())
    }
  }

  private mutating func releaseDependents(of job: Int) {
    for dependent in dependencies.dependents(of: job).map(Int.init) {
      openNeeds[dependent] -= 1
      guard openNeeds[dependent] == 0 && states[dependent] == .waiting else { continue }
      makeReady(dependent)
      released.append(dependent)
    }
  }

  private mutating func makeReady(_ job: Int) {
    states[job] = .ready
    if isTimed[job] {
      timed.insert(rank[job])
    } else {
      ready.insert(rank[job], into: bucket[job])
    }
  }

  private mutating func startReady(_ decisions: inout [Decision]) {
    guard !isDraining, !timed.isRunning else { return }
    guard timed.isNext(before: ready.bestPriority) else {
      while runningCount < configuration.maximumRunning, let job = takeBest() {
        timed.passTurn()
        start(job.index, &decisions)
      }
      return
    }
    guard runningCount == 0, let job = timed.start() else { return }
    start(job.index, &decisions)
  }

  private mutating func takeBest() -> ReadyJob? {
    if let job = ready.takeBest(allowedBy: tokens) { return job }
    return runningCount == 0 && tokens.isLent ? ready.takeBest(allowedBy: tokens.whenReturned) : nil
  }

  private mutating func start(_ job: Int, _ decisions: inout [Decision]) {
    states[job] = .running
    attempts[job] += 1
    runningCount += 1
    holdsTokens[job] = true
    tokens.take(ready.demand(ofBucket: bucket[job]))
    decisions.append(.start(job: job, attempt: attempts[job]))
  }

  private static func unsatisfiable(_ problem: UnsatisfiableDemand, job: Job) -> SchedulingError {
    let found = problem.available.map { "the pool holds \($0)" } ?? "there is no such pool"
    return SchedulingError(
      .unsatisfiable,
      "stage '\(job.stage)' asks for \(problem.amount) of '\(problem.pool)', but \(found); "
        + "change the stage's 'resources' or the experiment's")
  }
}
