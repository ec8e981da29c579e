import AttemptModel
import Glibc
import InputTracing
package import JobGraph
package import ResultsStore
package import Scheduling

/// One run of a frozen plan: registered before the first job starts, and booked to its end.
package struct ExperimentRun {
  /// What of a plan is run, and how.
  package struct Choices: Sendable {
    /// The jobs that are asked for; all if absent.
    package var selection: JobSelection?
    /// How far timings of earlier runs are used.
    package var timings = StoreHistory.Timings.unfinished
    /// How jobs are scheduled; what they are expected to take is filled in.
    package var options: Scheduler.Options
    /// The orchestrator's version.
    package var toolVersion: String

    package init(
      selection: JobSelection? = nil, timings: StoreHistory.Timings = .unfinished, options: Scheduler.Options,
      toolVersion: String
    ) {
      self.selection = selection
      self.timings = timings
      self.options = options
      self.toolVersion = toolVersion
    }
  }

  private let store: ResultsStore
  private let scene: InputScene
  private let display: any RunDisplay
  private let schedule: Schedule
  private let executor: WatchingExecutor
  private let book: RunBook
  private let beginning: RunBeginning

  /// Decides what runs, and begins the run in the database.
  ///
  /// - Throws: `StoreError`, or `SchedulingError` if the plan cannot be scheduled or a program is missing; the database is then as before.
  package init(
    _ prepared: PreparedPlan, _ choices: Choices, store: ResultsStore, display: any RunDisplay
  ) throws {
    let (plan, scene) = (prepared.plan, prepared.scene)
    let history = try StoreHistory(store, plan: plan, scene: scene, timings: choices.timings)
    let decisions = history.decisions(reasonsFor: { choices.selection?.isIncluded[$0] ?? true })
    for damage in history.damages { display.show(.damaged(damage)) }
    let toRun = plan.jobs.lazy.filter { decisions[$0.index].attempt == nil }
    executor = WatchingExecutor(
      prepared.machine.executor, plan: plan, tracing: scene.tracing(), observer: ProgramLocation.readObserver,
      products: Dictionary(uniqueKeysWithValues: toRun.map { ($0.index, history.products(of: $0)) }))
    let standing = StandingResults(plan, decisions: decisions, history: history, selection: choices.selection)
    try prepared.machine.requirePrograms(of: plan.jobs.filter { standing.paths[$0.index] == nil })
    let expected = try store.estimatedDurations(experiment: plan.experimentName)
    var options = choices.options
    options.expectedSeconds = expected.isEmpty ? nil : plan.jobs.map { expected[$0.stage] ?? 1 }
    schedule = try Schedule(plan, options: options, satisfied: standing.paths)
    let registered = try Self.register(plan, in: store)
    // Only what is made has to tell what it was made of: of a few jobs of many that is a small part of the plan's rows.
    try store.keepFingerprintParts(
      of: plan.jobs.lazy.filter { standing.paths[$0.index] == nil }.map {
        ($0.fingerprint.digest, $0.fingerprint.parts)
      })
    let run = try store.beginRun(
      plan: registered, code: .current(projectRoot: scene.project.root),
      toolVersion: choices.toolVersion, watched: plan.watchedJSON,
      states: standing.states + schedule.readyJobs.map { JobStateChange(job: $0, state: .ready) })
    book = RunBook(
      store: store, run: run, versions: prepared.versions,
      reuse: RunReuse(plan: plan, decisions: decisions, history: history))
    beginning = RunBeginning(
      run: run, plan: plan, statuses: plan.statuses(of: decisions), satisfied: Set(standing.paths.keys),
      leftOut: standing.leftOut, expectedSeconds: options.expectedSeconds)
    self.store = store
    self.scene = scene
    self.display = display
  }

  /// Runs to the end or the interruption, and records the end.
  ///
  /// - Returns: What became of the run.
  /// - Throws: `StoreError` if the end cannot be recorded, unless the run was stopped for such a reason.
  package func execute(_ interruption: Interruption) async throws -> RunEnding {
    let plan = beginning.plan
    if access(ProgramLocation.readObserver, R_OK) != 0, plan.jobs.contains(where: \.isObserved) {
      display.show(.unobserved(library: ProgramLocation.readObserver))
    }
    let clock = ContinuousClock()
    let start = clock.now
    display.show(.began(beginning))
    let scheduler = Scheduler(schedule, executor: executor, recording: book, observer: ScheduleRelay(display: display))
    interruption.onRaise { level in Task { await scheduler.interrupt(level) } }
    let result = await scheduler.run()
    display.show(.stopped)
    scene.keepDigests()
    let writers = executor.writers
    let overtaken = book.reuse.overtaken(by: writers.jobs, hasUnseen: writers.hasUnseen)
    let end = Self.end(of: result, isWhole: overtaken.isEmpty)
    do throws(StoreError) {
      try store.record(Self.skipped(in: result), run: beginning.run)
      try store.endRun(beginning.run, state: end)
    } catch {
      // Said already; the next run finds this one unfinished and settles it.
      if result.failure == nil { throw error }
    }
    let ending = RunEnding(
      run: beginning.run, experiment: plan.experimentName, plan: plan.hash, end: end, result: result,
      overtaken: overtaken,
      leftOutCount: beginning.leftOut.count, elapsed: clock.now - start)
    display.show(.ended(ending))
    return ending
  }

  private static func end(of result: ScheduleResult, isWhole: Bool) -> RunEnd {
    if result.interruption != nil || result.failure != nil { return .interrupted }
    return isWhole && result.isComplete ? .finished : .failed
  }

  private static func skipped(in result: ScheduleResult) -> [JobStateChange] {
    result.states.indices.filter { result.states[$0] == .skipped }.map {
      JobStateChange(job: $0, state: .skipped, reason: "a job it needs has no result")
    }
  }

  /// Stores the plan unless it is there: making the record of a large plan takes longer than finding it.
  private static func register(_ plan: Plan, in store: ResultsStore) throws -> Int64 {
    try store.plan(hash: plan.hash) ?? store.register(PlanRecord(plan))
  }
}

/// Shows the steps of a schedule as those of its run.
private struct ScheduleRelay: RunObserver {
  let display: any RunDisplay

  func observe(_ event: ScheduleEvent) { display.show(.step(event)) }
}
